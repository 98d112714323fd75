public import Bytes

extension Normaliser {
  /// Looks at a line without making an event of it.
  ///
  /// - Parameters:
  ///   - start: Where the line begins in the text of the marks.
  ///   - marks: The marks of the chunk that the line is in.
  /// - Returns: What the event would say; `nil` when only the event can tell: the line's shape is new,
  ///   it may be a sign-in, or a value is unusual.
  @inline(__always)
  public mutating func glance(at line: ByteView, _ start: Int, _ marks: ByteMarks) -> Glance? {
    guard context.format == .json else { return nil }
    let found = reader.shape(of: line, at: start, marks)
    // Whoever makes an event of the line next need not hold it against the shapes again.
    matched = (line.address, found)
    guard let shape = found, let plan = plans[shape].glance, !plans[shape].isUnmapped
    else { return nil }
    guard let time = reader.shapedText(plan.time, of: line), isLastTime(time) else { return nil }
    var glance = Glance(
      time: lastTime.time, isInferred: lastTime.inferred != nil, mapping: plans[shape].mapping)
    (glance.action, glance.outcome) = (plan.action, plan.outcome)
    if plan.user >= 0 {
      guard let text = reader.shapedText(plan.user, of: line) else { return nil }
      if !text.isAbsent { glance.user = text }
    }
    if plan.host >= 0 {
      guard let text = reader.shapedText(plan.host, of: line) else { return nil }
      if !text.isAbsent { glance.host = text }
    }
    if plan.domain >= 0 {
      guard let text = reader.shapedText(plan.domain, of: line) else { return nil }
      if !text.isAbsent { glance.domain = text.withoutPort }
    }
    if plan.client >= 0 {
      guard let text = reader.shapedText(plan.client, of: line) else { return nil }
      if !text.isAbsent { glance.client = text }
    }
    if plan.address >= 0 {
      guard let text = reader.shapedText(plan.address, of: line) else { return nil }
      if let number = Address.version4(text) {
        glance.number = number
      } else {
        // Whatever is no bare address is taken apart first.
        guard Address(text) != nil else { return nil }
        glance.address = text
      }
    }
    if plan.tls >= 0 {
      if let text = reader.shapedText(plan.tls, of: line) {
        guard TLSVersion.isPlain(text) else { return nil }
      } else {
        guard let number = reader.shapedInteger(plan.tls, of: line), number == 771 || number == 772
        else { return nil }
      }
    }
    var status: Int64 = -1
    if plan.status >= 0 {
      guard let number = glancedStatus(plan.status, line) else { return nil }
      status = number
    }
    guard plan.status >= 0 || plan.target >= 0 else { return glance }
    if plan.target >= 0 {
      // A whole URL names the host as well, and whoever signs in is looked at closely.
      guard let target = reader.shapedText(plan.target, of: line), !target.isEmpty,
        target[0] == UInt8(ascii: "/")
      else { return nil }
      glance.target = target
      let method = plan.method < 0 ? nil : reader.shapedText(plan.method, of: line)
      guard !requests.isSignIn(target, status, isPost: method?.equals("POST") ?? false)
      else { return nil }
    }
    glance.settle(status: status)
    return glance
  }

  /// Whether a time is the last line's, which it is from then on.
  @inline(__always) private mutating func isLastTime(_ text: ByteView) -> Bool {
    lastTime.isAll(of: text) || becomesLastTime(text)
  }

  @inline(never) private mutating func becomesLastTime(_ text: ByteView) -> Bool {
    guard let stamp = time(text) else { return false }
    lastTime.keep(stamp, instant(of: stamp), text)
    return lastTime.isAll(of: text)
  }

  /// A status, as a number or as digits in quotes; `nil` when it is neither.
  @inline(__always) private func glancedStatus(_ place: Int, _ line: ByteView) -> Int64? {
    if let number = reader.shapedInteger(place, of: line) { return number }
    return reader.shapedText(place, of: line)?.decimal.flatMap { Int64(exactly: $0) }
  }

  mutating func readJSON(
    _ event: Event, at start: Int, _ marks: ByteMarks?
  ) throws(Rejection) {
    if let marks {
      let line = event.line
      let shape =
        matched.line == line.address ? matched.shape : reader.shape(of: line, at: start, marks)
      matched.line = 0
      if let shape {
        apply(shape, event)
        try setTime(event)
        if plans[shape].hasAges { mappings[plans[shape].mapping].setAges(event) }
        return
      }
    }
    do {
      try reader.read(event.line, into: event)
    } catch {
      throw Rejection(error.reason.rawValue, at: error.offset)
    }
    if marks != nil, reader.learn(event.line) {
      plans.append(makePlan(ofShape: plans.count))
    }
    try mapJSON(event)
  }

  /// Does what the plan of a shape says.
  @inline(__always) private func apply(_ shape: Int, _ event: Event) {
    let line = event.line
    let steps = plans[shape].steps
    let mapping = plans[shape].mapping
    let appliesMapping = plans[shape].appliesMapping
    if mapping >= 0, !appliesMapping { mappings[mapping].begin(event) }
    for place in 0..<steps.count {
      let step = steps[place]
      let value = reader.shapedValue(Int(step.value), of: line)
      switch step.action {
      case .keep, .text:
        if step.action == .text, case .null = value { continue }
        event.set(slot: Int(step.slot), value)
      case .name:
        guard case .text(let text) = value else {
          FieldWriter.write(value, to: Field(index: Int(step.slot)), of: event)
          continue
        }
        if !text.isAbsent { event.set(slot: Int(step.slot), value) }
      case .write: FieldWriter.write(value, to: Field(index: Int(step.slot)), of: event)
      }
    }
    if appliesMapping {
      mappings[mapping].apply(to: event)
    } else if plans[shape].hasChoices {
      mappings[mapping].choose(event)
    }
    reader.addRest(ofShape: shape, line, to: event)
  }

  /// Works out what is to be done with lines of a shape.
  func makePlan(ofShape shape: Int) -> JSONPlan {
    let slots = reader.slots(ofShape: shape)
    let present = Set(slots)
    var taken: Int?
    if context.mapping.isEmpty {
      taken = jsonMappings.first { index in
        mappings[index].takes(path: context.path)
          && mappings[index].requiredParts.allSatisfy { present.contains(Int32($0.index)) }
      }
    } else {
      taken = mappings.firstIndex { $0.id == context.mapping }
    }
    return JSONPlan(
      slots: slots, mapping: taken.map { ($0, mappings[$0]) }, needed: needed)
  }

  /// The first JSON mapping whose parts are all there.
  @inline(__always) private func takenBy(_ event: Event) -> Int? {
    var place = 0
    while place < jsonDemands.count {
      let end = Int(jsonDemands[place])
      var part = place &+ 2
      while part < end, event.has(slot: Int(jsonDemands[part])) { part &+= 1 }
      if part == end { return Int(jsonDemands[place &+ 1]) }
      place = end
    }
    return nil
  }

  mutating func mapJSON(_ event: Event) throws(Rejection) {
    let mapping: Mapping?
    if context.mapping.isEmpty {
      // The choice depends on the line alone: the first mapping of the order that takes it.
      mapping = takenBy(event).map { mappings[$0] }
    } else {
      mapping = mappings.first { $0.id == context.mapping }
    }
    mapping?.apply(to: event)
    try setTime(event)
    mapping?.setAges(event)
  }

  mutating func setTime(_ event: Event) throws(Rejection) {
    guard let value = event[.timestamp] else {
      guard let wrapped else { throw Rejection("no-time") }
      return settle(wrapped, event)
    }
    let stamp: Stamp?
    switch value {
    case .text(let text):
      if lastTime.isAll(of: text) {
        event.time = lastTime.time
        if let inferred = lastTime.inferred { event.set(.timestampInferred, inferred) }
        return
      }
      stamp = time(text)
    case .integer(let number): stamp = Timestamps.any(event.scratch.decimal(number))
    case .number(_, let text): stamp = Timestamps.any(text)
    default: stamp = nil
    }
    guard let stamp else {
      guard let wrapped else { throw Rejection("bad-time") }
      return settle(wrapped, event)
    }
    settle(stamp, event)
    if case .text(let text) = value {
      lastTime.keep(stamp, event.time, text)
    }
  }
}
