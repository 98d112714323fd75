/// What is asked at every step, and so must not read whole rows.
package enum Queries {
  /// How many findings there are, and how many of them nobody was told of.
  package static let findings = "SELECT count(*) FROM finding"
  package static let unsent = "SELECT count(*) FROM finding WHERE unsent IS NOT NULL"
  /// How many findings wait in groups for others.
  package static let gathered = "SELECT count(DISTINCT uid) FROM member WHERE told IS NULL"
  /// How many deliveries are in each state.
  package static let states = "SELECT state, count(*) AS count FROM delivery GROUP BY state"
  /// How many of those are canaries.
  package static let canaryStates = """
    SELECT state, count(*) AS count FROM canary JOIN delivery USING (uid, route) GROUP BY state
    """
  /// The storms: why their findings are not told of, and before when they were recorded.
  package static let storms = """
    SELECT detector, count(*) AS count, min(started) AS start, max(ended) AS end,
      min(uid) AS first FROM finding WHERE unsent = ? AND recorded < ? GROUP BY detector
    """
}
