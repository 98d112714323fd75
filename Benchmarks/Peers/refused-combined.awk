# Refused requests by user, from a combined access log.
$9 + 0 >= 400 { count[$3]++ }
END { for (user in count) print count[user] "\t" (user == "-" ? "" : user) }
