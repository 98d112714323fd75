import Bytes

/// The usual messages of sshd, PAM, sudo and logind as forms: what stands still, and what varies.
///
/// Most lines of a system's log are one of a few dozen sentences. A form recognises one of them from end
/// to end. What it means is not written here: ``Products`` reads an example of it once, and every message
/// of the form says the same of another name and address. What may vary is narrower than what the
/// products accept (names of plain letters, addresses as they are usually written), so that whatever is
/// odd fits no form and is read by the products. So forms change the speed, never the answer.
///
/// A line is read in its chunk, where the marks say at once how far a name goes, and what was found is
/// left in the properties: nothing is copied. Fixed: the forms of ``list``, and ``programsMax`` names of
/// programs.
@safe public final class MessageForms {
  /// What a part of a form may be.
  fileprivate enum Kind: UInt8 {
    /// Text that stands still.
    case text
    /// An account: letters, digits, `-`, `.`, `/` and `_`.
    case name
    /// An IP address.
    case address
    /// Up to ten digits; those of a port.
    case number, port
    /// Any number of blanks; anything without a blank; anything up to the end.
    case blanks, word, rest
  }

  /// One part of a form.
  fileprivate struct Piece: BitwiseCopyable {
    var kind: Kind
    /// Whether this is the event's user, or its source.
    var isFact = false
    /// Whether a full stop behind the name is not the name's.
    var endsBeforeStop = false
    /// How many bytes a text has: four words at the most, of which these bits count.
    var count: Int32 = 0
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var masks: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// How many bytes of text one part may have.
    static let textMax = 32
  }

  private struct Form: BitwiseCopyable {
    /// The first piece, and the one behind the last.
    var first: Int32, end: Int32
    /// The next form in the same bucket, or -1.
    var next: Int32 = -1
    /// Whose message it is, and its first four bytes; zero when they vary.
    var program: Int32
    var head: UInt32
  }

  /// A program by its name.
  private struct Program: BitwiseCopyable {
    var first: UInt64 = 0, last: UInt64 = 0
    /// Its number among those that have forms, or -1.
    var number: Int32 = -1
    /// Whether it has forms whose first bytes vary.
    var hasOpenForms = false
    /// Whether somebody reads what fits no form.
    var isRead = true
  }

  /// What a form says of every message.
  struct Meaning: Sendable {
    /// `event.action`, `event.outcome` and `event.code`.
    var action, outcome, code: ByteView?
  }

  /// How many programs are known at once, and buckets of forms; both powers of two.
  private static let programsMax = 64
  private static let bucketsMax = 256

  /// The forms, which never change; made once and never freed.
  @safe private struct Table: @unchecked Sendable {
    let pieces: UnsafeMutablePointer<Piece>
    let forms: UnsafeMutablePointer<Form>
    /// The first form by program and head.
    let buckets: UnsafeMutablePointer<Int32>
    let meanings: [Meaning]
    /// The programs that have forms, in order of their numbers, and those with open ones.
    let programs: [String]
    let openPrograms: Set<String>
  }
  private static let table = Builder.build()

  private let table: Table
  private let pieces: UnsafeMutablePointer<Piece>
  private let forms: UnsafeMutablePointer<Form>
  private let buckets: UnsafeMutablePointer<Int32>
  private let programs: UnsafeMutablePointer<Program>
  /// By form, what its messages mean.
  var meanings: [Meaning] { table.meanings }

  /// Where the last line's host, user and source are in the chunk, and its process; all but the host
  /// end at zero when there is none.
  public private(set) var host = (start: 0, end: 0), user = (start: 0, end: 0),
    source = (start: 0, end: 0)
  public private(set) var process = (start: 0, end: 0)
  /// The source as a number, when it is of version 4.
  public private(set) var number: UInt32?

  init() {
    table = MessageForms.table
    unsafe (pieces, forms, buckets) = (table.pieces, table.forms, table.buckets)
    unsafe programs = .allocate(capacity: MessageForms.programsMax)
    unsafe programs.initialize(repeating: Program(), count: MessageForms.programsMax)
  }

  deinit { unsafe programs.deallocate() }

  /// Where the forms of a program are that begin with the same four bytes.
  @inline(__always) private static func bucket(_ program: Int32, _ head: UInt32) -> Int {
    let mixed = (head ^ UInt32(bitPattern: program) &* 0x85EB_CA6B) &* 0x9E37_79B1
    return Int(mixed &>> 24)
  }

  /// A line that some product or other must read.
  static let closerLook = -2
  /// A line whose message nobody reads.
  static let nobody = -1

  /// Reads a line of BSD syslog as it usually is: `TIME HOST PROGRAM[PID]: MESSAGE`, the number being
  /// optional.
  ///
  /// It finds what ``RFC3164/parse(_:behind:into:)`` and ``Products`` find, and leaves it in ``host``,
  /// ``user``, ``source`` and ``number``.
  ///
  /// - Parameters:
  ///   - text: The chunk, its words marked.
  ///   - start: Where the host begins.
  ///   - end: The line's end.
  /// - Returns: The form's place among ``meanings``, ``nobody``, or ``closerLook``.
  /// - Complexity: O(*n*) in the message at the most; allocates nothing.
  @inline(__always) @unsafe func read(_ text: MarkedText, from start: Int, to end: Int) -> Int {
    // SAFETY: every offset is at most one stop or one text of a form behind the line's end, and a stop
    // stands there; so nothing is read beyond the line and its slack.
    let hostEnd = unsafe text.stop(start)
    guard hostEnd > start, unsafe text.byte(hostEnd) == 0x20,
      unsafe MessageForms.isLetterOrDigit(text.byte(start))
    else { return MessageForms.closerLook }
    let tag = hostEnd &+ 1
    var stop = unsafe text.stop(tag)
    let length = stop &- tag
    guard length > 0, length <= 16, unsafe MessageForms.isLetterOrDigit(text.byte(tag)) else {
      return MessageForms.closerLook
    }
    let (first, last) = unsafe text.words(tag, length)
    process = (0, 0)
    if unsafe text.byte(stop) == 0x5B {
      let digits = stop &+ 1
      stop = unsafe text.stop(digits)
      guard unsafe text.byte(stop) == 0x5D, unsafe MessageForms.areDigits(text, digits, stop) else {
        return MessageForms.closerLook
      }
      process = (digits, stop)
      stop &+= 1
    }
    // `: `
    guard unsafe text.word(stop) & 0xFFFF == 0x203A else { return MessageForms.closerLook }
    let message = stop &+ 2
    guard message < end else { return MessageForms.closerLook }
    host = (start, hostEnd)
    let mixed = (first ^ last &* 0x9E37_79B9_7F4A_7C15) &* 0xD6E8_FEB8_6659_FD93
    let place = Int(truncatingIfNeeded: mixed &>> 58)
    // SAFETY: six bits are below the number of programs.
    if unsafe programs[place].first != first || programs[place].last != last {
      unsafe learn(text.view(tag, tag &+ length), (first, last), at: place)
    }
    let head = unsafe UInt32(truncatingIfNeeded: text.word(message))
    let program = unsafe programs[place].number
    if program >= 0 {
      var form = unsafe find(text, message, end, program, head)
      if unsafe form < 0 && programs[place].hasOpenForms {
        unsafe form = find(text, message, end, program, 0)
      }
      if form >= 0 { return form }
    }
    (user, source, number) = ((0, 0), (0, 0), nil)
    return unsafe programs[place].isRead || MessageForms.isTakenApart(head)
      ? MessageForms.closerLook : MessageForms.nobody
  }

  @inline(__always) private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    byte.asciiLowered &- 0x61 < 26 || byte.isDigit
  }

  /// Whether the bytes between two offsets are one to ten digits; none is a stop.
  @inline(__always) @unsafe
  private static func areDigits(_ text: MarkedText, _ start: Int, _ end: Int) -> Bool {
    let count = end &- start
    guard count > 0, count <= 10 else { return false }
    // No byte is above 127 here, so no lane carries into the next.
    @inline(__always) func isOutside(_ word: UInt64, _ count: Int) -> Bool {
      let mask = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- count &* 8)
      let digits = word & mask | 0x3030_3030_3030_3030 & ~mask
      return ((digits &+ 0x4646_4646_4646_4646) | (digits &- 0x3030_3030_3030_3030))
        & 0x8080_8080_8080_8080 != 0
    }
    if count <= 8 { return unsafe !isOutside(text.word(start), count) }
    return unsafe !isOutside(text.word(start), 8) && !isOutside(text.word(end &- 8), 8)
  }

  /// Whether a message that begins so is read whatever program wrote it.
  @inline(__always) private static func isTakenApart(_ head: UInt32) -> Bool {
    switch head {
    case 0x5F6D_6170, 0x6D61_7028, 0x2044_495B, 0x7373_656D: true  // `pam_`, `(pam`, `[ID `, `mess`
    default: false
    }
  }

  /// What `event.action` and `event.outcome` of a form's messages are.
  @inline(__always) func words(of form: Int) -> (action: ByteView?, outcome: ByteView?) {
    (meanings[form].action, meanings[form].outcome)
  }

  /// The form of a message among those that begin with `head`, or -1.
  @inline(__always) @unsafe private func find(
    _ text: MarkedText, _ start: Int, _ end: Int, _ program: Int32, _ head: UInt32
  ) -> Int {
    // SAFETY: buckets and forms are linked by their places.
    var form = unsafe Int(buckets[MessageForms.bucket(program, head)])
    while form >= 0 {
      if unsafe forms[form].head == head && forms[form].program == program,
        unsafe matches(form, text, from: start, to: end)
      {
        return form
      }
      form = unsafe Int(forms[form].next)
    }
    return -1
  }

  @inline(never)
  private func learn(_ name: ByteView, _ words: (UInt64, UInt64), at place: Int) {
    let text = name.string
    let number = table.programs.firstIndex(of: text).map(Int32.init) ?? -1
    unsafe programs[place] = Program(
      first: words.0, last: words.1, number: number,
      hasOpenForms: table.openPrograms.contains(text), isRead: Products.reads(name))
  }

  /// Whether a message is of a form; leaves user and source.
  @inline(__always) @unsafe
  private func matches(_ form: Int, _ text: MarkedText, from start: Int, to end: Int) -> Bool {
    var (user, source) = ((start: 0, end: 0), (start: 0, end: 0))
    var number: UInt32?
    // SAFETY: a form's pieces are there; the offsets are those of `read`.
    var place = unsafe Int(forms[form].first)
    let last = unsafe Int(forms[form].end)
    var offset = start
    defer { (self.user, self.source, self.number) = (user, source, number) }
    while place < last {
      let piece = unsafe pieces + place
      place &+= 1
      switch unsafe piece.pointee.kind {
      case .text:
        guard unsafe piece.pointee.stands(in: text, at: offset) else { return false }
        offset &+= unsafe Int(piece.pointee.count)
      case .name:
        var stop = unsafe text.stop(offset)
        if unsafe piece.pointee.endsBeforeStop { stop &-= 1 }
        guard stop > offset else { return false }
        if unsafe piece.pointee.isFact { user = (offset, stop) }
        offset = stop
      case .address:
        var stop = unsafe text.stop(offset)
        if let read = unsafe Address.version4(text.view(offset, stop)) {
          if unsafe piece.pointee.isFact { (source, number) = ((offset, stop), read) }
        } else {
          stop = unsafe wordEnd(text, offset, end)
          guard stop > offset, unsafe Address(text.view(offset, stop)) != nil else { return false }
          if unsafe piece.pointee.isFact { source = (offset, stop) }
        }
        offset = stop
      case .number:
        let stop = unsafe text.stop(offset)
        guard unsafe MessageForms.areDigits(text, offset, stop) else { return false }
        offset = stop
      case .port:
        let stop = unsafe text.stop(offset)
        guard stop <= offset &+ 5, unsafe MessageForms.areDigits(text, offset, stop),
          // Five digits stand in order of their value.
          unsafe stop < offset &+ 5 || text.word(offset).byteSwapped &>> 24 <= 0x36_3535_3335
        else { return false }
        offset = stop
      case .blanks:
        while unsafe text.byte(offset) == 0x20 { offset &+= 1 }
      case .word:
        let stop = unsafe wordEnd(text, offset, end)
        guard stop > offset else { return false }
        offset = stop
      case .rest:
        return true
      }
      if offset > end { return false }
    }
    return offset == end
  }

  /// Where a word ends: at a blank or at the end of the line.
  @inline(__always) @unsafe
  private func wordEnd(_ text: MarkedText, _ start: Int, _ end: Int) -> Int {
    var stop = unsafe text.stop(start)
    while stop < end, unsafe text.byte(stop) != 0x20 { unsafe stop = text.stop(stop &+ 1) }
    return min(stop, end)
  }
}

extension MessageForms.Piece {
  /// Whether the text stands at an offset.
  @inline(__always) @unsafe fileprivate func stands(in text: MarkedText, at offset: Int) -> Bool {
    var differing = unsafe (text.word(offset) ^ words.0) & masks.0
    if count > 8 {
      unsafe differing |= (text.word(offset &+ 8) ^ words.1) & masks.1
      if count > 16 {
        unsafe differing |= (text.word(offset &+ 16) ^ words.2) & masks.2
        unsafe differing |= (text.word(offset &+ 24) ^ words.3) & masks.3
      }
    }
    return differing == 0
  }

  /// Takes a text of at most ``textMax`` bytes.
  fileprivate mutating func take(_ text: Substring.UTF8View) {
    count = Int32(text.count)
    var lanes: [UInt64] = [0, 0, 0, 0], bits: [UInt64] = [0, 0, 0, 0]
    for (place, byte) in text.enumerated() {
      lanes[place >> 3] |= UInt64(byte) << UInt64((place & 7) * 8)
      bits[place >> 3] |= 0xFF << UInt64((place & 7) * 8)
    }
    words = (lanes[0], lanes[1], lanes[2], lanes[3])
    masks = (bits[0], bits[1], bits[2], bits[3])
  }
}

extension MessageForms {
  /// Puts the forms together.
  private struct Builder {
    private var pieces: [Piece] = []
    private var forms: [Form] = []
    private var meanings: [Meaning] = []
    private var programs: [String] = []
    private var openPrograms: Set<String> = []
    private let event = Event()

    static func build() -> Table {
      var builder = Builder()
      for (program, text) in MessageForms.list { builder.add(program, text) }
      let pieces = UnsafeMutablePointer<Piece>.allocate(capacity: builder.pieces.count)
      unsafe pieces.initialize(from: builder.pieces, count: builder.pieces.count)
      let buckets = UnsafeMutablePointer<Int32>.allocate(capacity: MessageForms.bucketsMax)
      unsafe buckets.initialize(repeating: -1, count: MessageForms.bucketsMax)
      // The first of two that fit is the first of the list.
      for place in builder.forms.indices.reversed() {
        let form = builder.forms[place]
        let bucket = MessageForms.bucket(form.program, form.head)
        unsafe builder.forms[place].next = buckets[bucket]
        unsafe buckets[bucket] = Int32(place)
      }
      let forms = UnsafeMutablePointer<Form>.allocate(capacity: builder.forms.count)
      unsafe forms.initialize(from: builder.forms, count: builder.forms.count)
      return unsafe Table(
        pieces: pieces, forms: forms, buckets: buckets, meanings: builder.meanings,
        programs: builder.programs, openPrograms: builder.openPrograms)
    }

    mutating func add(_ program: String, _ text: String) {
      var parts: [(piece: Piece, example: String)] = []
      var rest = Substring(text)
      while !rest.isEmpty {
        guard rest.first == "{", let end = rest.firstIndex(of: "}") else {
          let literal = rest.prefix { $0 != "{" }
          parts.append((Piece(kind: .text), String(literal)))
          rest = rest.dropFirst(literal.count)
          continue
        }
        parts.append(
          Builder.variable(String(rest[rest.index(after: rest.startIndex)..<end]), parts.count))
        rest = rest[rest.index(after: end)...]
      }
      if !programs.contains(program) { programs.append(program) }
      let number = programs.firstIndex(of: program) ?? 0
      var form = Form(first: Int32(pieces.count), end: 0, program: Int32(number), head: 0)
      if parts[0].piece.kind == .text { form.head = head(parts[0].example) }
      if form.head == 0 { openPrograms.insert(program) }
      meanings.append(read(program, &parts))
      for place in parts.indices {
        var piece = parts[place].piece
        if piece.kind == .text {
          var rest = Substring(parts[place].example)
          while !rest.isEmpty {
            piece.take(rest.prefix(Piece.textMax).utf8)
            pieces.append(piece)
            rest = rest.dropFirst(Piece.textMax)
          }
          continue
        }
        if piece.kind == .name, place == parts.count - 2, parts[place + 1].example == "." {
          piece.endsBeforeStop = true
        }
        pieces.append(piece)
      }
      form.end = Int32(pieces.count)
      forms.append(form)
    }

    /// A part that varies, and an example of it unlike all others.
    private static func variable(_ name: String, _ place: Int) -> (Piece, String) {
      switch name {
      case "name": (Piece(kind: .name), "somebody\(place)")
      case "address": (Piece(kind: .address), "192.0.2.\(place)")
      case "number": (Piece(kind: .number), "\(place)")
      case "port": (Piece(kind: .port), "4000\(place)")
      case "blanks": (Piece(kind: .blanks), "  ")
      case "word": (Piece(kind: .word), "word\(place)")
      case "rest": (Piece(kind: .rest), "anything")
      default: preconditionFailure("no part of a message is called \(name)")
      }
    }

    private func head(_ text: String) -> UInt32 {
      let bytes = Array(text.utf8)
      guard bytes.count >= 4 else { return 0 }
      return bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Has the products read an example, and marks the parts that became user and source.
    private func read(_ program: String, _ parts: inout [(piece: Piece, example: String)])
      -> Meaning
    {
      let message = parts.map(\.example).joined()
      return message.withView { message in
        event.reset(line: message)
        let isRead = program.withView { Products.map(program: $0, message: message, into: event) }
        precondition(isRead, "no product reads the form of \(program): \(message.string)")
        precondition(
          event.weight == 1 && !event.has(.urlDomain) && !event.has(.statusCode),
          "more than a form can say: \(message.string)")
        var start = 0
        for place in parts.indices {
          let here = message.address + UInt(start)
          switch parts[place].piece.kind {
          case .name: parts[place].piece.isFact = event.text(.userName)?.address == here
          case .address: parts[place].piece.isFact = event.text(.sourceIP)?.address == here
          default: break
          }
          start += parts[place].example.utf8.count
        }
        let facts = parts.count { $0.piece.isFact }
        let known = [Field.userName, .sourceIP].count { event.has($0) }
        precondition(facts == known, "user or source do not vary: \(message.string)")
        return Meaning(
          action: event.text(.eventAction), outcome: event.text(.eventOutcome),
          code: event.text(.eventCode))
      }
    }
  }
}
