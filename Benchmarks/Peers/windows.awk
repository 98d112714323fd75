# Addresses with more than ten failures in some 300 seconds; a line is a second and an address.
{
  seen = ++failures[$2]
  if (seen > 10 && $1 - last[$2, (seen + 1) % 11] < 300) found[$2] = 1
  last[$2, seen % 11] = $1
}
END { for (address in found) print address }
