import COpenSSL

/// One connection of a server's TLS, in memory: what came from the peer goes in, what is for it comes out.
///
/// - SeeAlso: RFC 8446; RFC 5246.
@safe final class TLSConnection {
  /// What became of a step.
  enum Step {
    /// It went as far as it could.
    case done
    /// The peer said that nothing more comes.
    case closed
    /// It is of no more use; why.
    case failed(String)
  }

  private let connection, input, output: OpaquePointer
  /// Whether both sides know each other.
  private(set) var isEstablished = false
  /// Whether something went wrong, after which nothing more may be said.
  private var hasFailed = false
  private var room = [UInt8](repeating: 0, count: 16 << 10)

  /// A connection that waits for its peer's first word; `nil` when there is no memory.
  init?(_ context: TLSContext) {
    var (input, output): (OpaquePointer?, OpaquePointer?) = (nil, nil)
    let made = unsafe context.withContext { unsafe openssl_connection($0, &input, &output) }
    guard let made = unsafe made, let input = unsafe input, let output = unsafe output else {
      return nil
    }
    unsafe (connection, self.input, self.output) = (made, input, output)
  }

  deinit { unsafe SSL_free(connection) }

  /// Takes what came from the peer, and hands on what it says, in pieces of at most 16 KiB.
  func take(_ bytes: [UInt8], _ deliver: (ArraySlice<UInt8>) -> Void) -> Step {
    if hasFailed { return .failed("it failed before") }
    var start = 0
    while start < bytes.count {
      // In parts, as a length is an `Int32`; memory takes all of it.
      let part = Array(bytes[start..<min(start + 1 << 20, bytes.count)])
      guard unsafe BIO_write(input, part, Int32(part.count)) == Int32(part.count) else {
        return failed("there is no memory")
      }
      start += part.count
    }
    if !isEstablished {
      ERR_clear_error()
      let result = unsafe SSL_do_handshake(connection)
      guard result == 1 else { return step(result) }
      isEstablished = true
    }
    while true {
      ERR_clear_error()
      let count = unsafe SSL_read(connection, &room, Int32(room.count))
      guard count > 0 else { return step(count) }
      deliver(room[..<Int(count)])
    }
  }

  private func step(_ result: Int32) -> Step {
    switch unsafe SSL_get_error(connection, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: return .done
    case SSL_ERROR_ZERO_RETURN: return .closed
    default:
      let verdict = unsafe SSL_get_verify_result(connection)
      if !isEstablished, verdict != Int(X509_V_OK),
        let text = unsafe X509_verify_cert_error_string(verdict)
      {
        return failed("the client's certificate: \(unsafe String(cString: text))")
      }
      return failed(TLSContext.lastError())
    }
  }

  private func failed(_ reason: String) -> Step {
    hasFailed = true
    return .failed(reason)
  }

  /// Says that nothing more comes from here.
  func close() {
    guard isEstablished, !hasFailed else { return }
    ERR_clear_error()
    _ = unsafe SSL_shutdown(connection)
  }

  /// What is to be sent to the peer.
  func takeOutput() -> [UInt8] {
    let count = unsafe openssl_pending(output)
    guard count > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe BIO_read(output, &bytes, Int32(clamping: count))
    return Array(bytes.prefix(max(0, Int(got))))
  }
}
