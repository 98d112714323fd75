import Bytes
import Detectors
import Testing

/// What is known of the words in a chunk's lines.
@Suite struct ChunkWordsTests {
  private static let lines = [
    "GET /index.html from 192.0.2.7", "GET /.ENV from 192.0.2.8", #"a \u002eenv escaped"#,
    "password=hunter2 at the end", "nothing here", "/.env",
  ]

  /// Of each line, whether some word may stand in it, by where the line begins in the chunk.
  private func asked(
    _ words: ChunkWords, of party: ChunkWords.Party = .open, escapes: Bool = false,
    marking: Bool = true
  ) -> [Bool] {
    let chunk = Array(Self.lines.joined(separator: "\n").utf8)
    return chunk.withView { chunk in
      if marking { words.begin(chunk) }
      var start = 0
      return Self.lines.map { line in
        let view = chunk.slice(start, start + line.utf8.count)
        start += line.utf8.count + 1
        return words.mayStand(in: view, of: party, countingEscapes: escapes)
      }
    }
  }

  @Test func `lines without any of the words are told, in either case of letters`() {
    let words = ChunkWords()
    words.add([Array("/.env".utf8)], for: .open)
    #expect(asked(words) == [false, true, false, false, false, true])
    #expect(asked(words, escapes: true) == [false, true, true, false, false, true])
    // Somebody else looks for more.
    words.add([Array("password=".utf8), Array("/.env".utf8)], for: .gated)
    #expect(asked(words) == [false, true, false, false, false, true])
    #expect(asked(words, of: .gated) == [false, true, false, true, false, true])
    words.add([Array("password=".utf8)], for: .open)
    #expect(asked(words) == [false, true, false, true, false, true])
    // A filter without words has none in any line.
    #expect(asked(words, of: .filters).allSatisfy { !$0 })
  }

  @Test func `words that are added in the middle of a chunk count for what is left of it`() {
    let words = ChunkWords()
    words.add([Array("/.env".utf8)], for: .open)
    let chunk = Array("one /.env\ntwo nothing\nthree".utf8)
    chunk.withView { chunk in
      words.begin(chunk)
      #expect(words.mayStand(in: chunk.slice(0, 9), of: .open))
      #expect(!words.mayStand(in: chunk.slice(10, 21), of: .open))
      words.add([Array("three".utf8)], for: .open)
      #expect(!words.mayStand(in: chunk.slice(10, 21), of: .open))
      #expect(words.mayStand(in: chunk.slice(22, 27), of: .open))
    }
  }

  @Test func `where nothing is known any word may stand`() {
    let none = ChunkWords()
    #expect(asked(none).allSatisfy { $0 })
    // A word of three bytes is in too many lines to be looked for like this.
    let short = ChunkWords()
    short.add([Array("env".utf8)], for: .open)
    #expect(asked(short).allSatisfy { $0 })
    let words = ChunkWords()
    words.add([Array("/.env".utf8)], for: .open)
    #expect(asked(words, marking: false).allSatisfy { $0 })
    words.begin(.empty)
    #expect(words.mayStand(in: ByteView("nothing here"), of: .open))
    // A line that stands elsewhere than in the chunk.
    let chunk = Array("some chunk".utf8)
    chunk.withView {
      words.begin($0)
      #expect(words.mayStand(in: ByteView("nothing here"), of: .open))
    }
  }
}
