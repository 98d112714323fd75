# Addresses with more than ten failed passwords in some 300 seconds, from an auth.log of one year.
BEGIN {
  split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", names, " ")
  split("0 31 59 90 120 151 181 212 243 273 304 334", days, " ")
  for (month = 1; month <= 12; month++) before[names[month]] = days[month]
}
/ sshd\[[0-9]+\]: Failed password for / {
  address = $9 == "invalid" ? $13 : $11
  split($3, clock, ":")
  second = ((before[$1] + $2) * 24 + clock[1]) * 3600 + clock[2] * 60 + clock[3]
  # The last eleven are kept in a ring: the one ten before this stands where the next will go.
  seen = ++failures[address]
  if (seen > 10 && second - last[address, (seen + 1) % 11] < 300) found[address] = 1
  last[address, seen % 11] = second
}
END { for (address in found) print address }
