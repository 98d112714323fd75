public import Bytes

extension Normaliser {
  /// Whether some lines of the file at hand may be decided by one look.
  public var mayGlance: Bool {
    switch context.format {
    case .json: true
    case .rfc3164, .rfc5424: hasForms
    case .access, .logfmt, .cri, .docker: false
    }
  }

  /// Looks at a line of BSD syslog without making an event of it.
  ///
  /// What it finds stands in ``forms``, as places in the text of the marks.
  ///
  /// - Parameters:
  ///   - start: Where the line begins in the text of the marks.
  ///   - end: Where it ends.
  ///   - marks: The marks of the chunk that the line is in.
  /// - Returns: The usual message that the line is, -1 when nobody reads such a message, and -2 when only
  ///   the event can tell: its time is another than the last line's, or something is unusual.
  @inline(__always)
  public mutating func glanceSyslog(_ line: ByteView, at start: Int, _ marks: ByteMarks) -> Int {
    let end = start &+ line.count
    guard marks.kind == .words, unsafe end &+ MarkedText.slack <= marks.text.count,
      lastSyslogTime.stands(in: line)
    else { return MessageForms.closerLook }
    // SAFETY: the slack is there, and behind the line stands its line feed.
    return unsafe forms.read(
      MarkedText(marks), from: start &+ lastSyslogTime.stamp.end &+ 1, to: end)
  }

  /// The time of a line that was looked at, and whether year or zone were not in it.
  @inline(__always) public var glancedTime: (time: Int64, isInferred: Bool) {
    mutating get { (lastSyslogTime.time, lastSyslogTime.inferred != nil) }
  }

  /// The fields that ``setGlanced(_:_:on:)`` sets as a closer look would.
  public static let glancedFields: Set<Field> = [
    .hostName, .processPID, .userName, .sourceIP, .sourceAddress, .eventAction, .eventOutcome,
    .eventCode,
  ]

  /// Sets what a glance at a line of syslog has shown on an event that was reset for it.
  ///
  /// A source must be an address of version 4: others are spelt anew.
  @inline(__always) public mutating func setGlanced(
    _ form: Int, _ marks: ByteMarks, on event: Event
  ) {
    event.time = lastSyslogTime.time
    let text = marks.text
    event.set(.hostName, text.slice(forms.host.start, forms.host.end))
    let (process, user, source) = (forms.process, forms.user, forms.source)
    if process.end > 0 { event.set(.processPID, text.slice(process.start, process.end)) }
    if user.end > 0 { event.set(.userName, text.slice(user.start, user.end)) }
    if source.end > 0 {
      let address = text.slice(source.start, source.end)
      event.set(.sourceIP, address)
      event.set(.sourceAddress, address)
    }
    guard form >= 0 else { return }
    let meaning = forms.meanings[form]
    if let action = meaning.action { event.set(.eventAction, action) }
    if let outcome = meaning.outcome { event.set(.eventOutcome, outcome) }
    if let code = meaning.code { event.set(.eventCode, code) }
  }

  /// What `event.action` and `event.outcome` are in all lines of a form.
  public func words(of form: Int) -> (action: ByteView?, outcome: ByteView?) {
    form < 0 ? (nil, nil) : (forms.meanings[form].action, forms.meanings[form].outcome)
  }

  /// What is marked in chunks of the file at hand.
  public var marks: ByteMarks.Kind { context.format == .json ? .json : .words }
}
