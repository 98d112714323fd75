import Documents
import Inputs
import Reviews

extension PreviousReview {
  /// How large an earlier review may be.
  private static let bytesMax = 256 << 20
  /// How many months of a figure are kept.
  private static let monthsMax = 12

  /// Reads the JSON of an earlier review.
  ///
  /// - Parameter month: The month that is reviewed now, which must be a later one.
  /// - Throws: ``Problem`` or ``InputError`` when it is none, or not of an earlier month.
  init(file: String, before month: String) throws {
    self.init()
    let document = try Document(
      file: file, json: try readText(file, limit: PreviousReview.bytesMax))
    let root = document.roots[0]
    guard let version = root["schema_version"]?.text, let text = root["period"]?["month"]?.text,
      CalendarMonth(text) != nil
    else {
      throw document.problem(
        root, "this is no review", fix: "name the review.json of an earlier month")
    }
    guard let version = Int(version), version <= Review.schemaVersion else {
      throw document.problem(
        root, "the review is of version \(version); this program writes \(Review.schemaVersion)",
        fix: "use the version of rollcall that wrote it, or a newer one")
    }
    guard text < month else {
      throw document.problem(
        root, "the review is of \(text), which is not before \(month)",
        fix: "name the review.json of an earlier month with --previous")
    }
    (self.month, fingerprint) = (text, root["fingerprint"]?.text ?? "")
    for figure in root["figures"]?.entries ?? [] {
      guard let value = figure.value["value"]?.text.flatMap({ Int($0) }) else { continue }
      let history = (figure.value["history"]?.list ?? []).compactMap { $0.text.flatMap { Int($0) } }
      figures[figure.key] = Array((history + [value]).suffix(PreviousReview.monthsMax - 1))
    }
    for table in root["tables"]?.entries ?? [] {
      let rows = table.value["rows"]?.list ?? []
      switch table.key {
      case "controls-policy":
        for row in rows {
          guard let id = row["control"]?.text, let status = row["status"]?["label"]?.text
          else { continue }
          self.rows[id] = status
        }
      case "actions": actions = rows.map(PreviousReview.action)
      case _ where table.key.hasPrefix("access-"):
        accounts[table.key] = Set(rows.compactMap { $0["account"]?.text })
      default: break
      }
    }
  }

  private static func action(_ row: Node) -> Action {
    func text(_ key: String) -> String { row[key]?.text ?? row[key]?["label"]?.text ?? "" }
    var action = Action()
    (action.row, action.asks, action.status) = (text("row"), text("asks"), text("status"))
    (action.since, action.owner) = (text("since"), text("owner"))
    (action.due, action.done) = (text("due"), text("done"))
    return action
  }
}
