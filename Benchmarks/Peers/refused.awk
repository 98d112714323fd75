# Refused requests by user, from nginx JSON. Finds the members by their text: a name written with
# escapes would be counted under its spelling.
{
  at = index($0, "\"status\":")
  if (!at || substr($0, at + 9, 3) + 0 < 400) next
  at = index($0, "\"remote_user\":\"")
  rest = substr($0, at + 15)
  count[substr(rest, 1, index(rest, "\"") - 1)]++
}
END { for (user in count) print count[user] "\t" user }
