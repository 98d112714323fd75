/// The files that stand beside a generated log.
public enum Setting {
  /// Names and contents: registers, and a configuration that reads the log.
  public static func files(
    for kind: Kind, crowd: Crowd = .named
  ) -> [(name: String, text: String)] {
    let system = kind == .combined ? ", system: www" : ""
    return [
      ("registers/people.yaml", Cast.peopleRegister(crowd)),
      ("registers/contractors.yaml", Cast.contractorsRegister),
      ("registers/infrastructure.yaml", Cast.infrastructureRegister(crowd)),
      (
        "rollcall.yaml",
        """
        organisation: {name: Benchmark BV, timezone: UTC}
        registers: registers
        sources:
          - {name: \(kind.rawValue), path: \(kind.fileName), timezone: UTC\(system)}

        """
      ),
    ] + (crowd.isNamed ? [] : [("registers/people.csv", crowd.register)])
  }
}
