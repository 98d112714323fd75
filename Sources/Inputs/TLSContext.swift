import COpenSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a server needs for TLS: its certificate, its key, and whose clients it lets in.
///
/// TLS 1.2 or newer, without renegotiation, resumption or compression.
@safe public final class TLSContext: Sendable {
  /// The files, in the PEM form.
  public struct Files: Sendable, Hashable {
    /// Our certificate, followed by those between it and the authority's.
    public var certificate: String
    /// Its private key, without a passphrase.
    public var key: String
    /// The authorities that sign clients' certificates; `nil` to let in whoever comes.
    public var clientAuthority: String?

    /// Names the files.
    public init(certificate: String, key: String, clientAuthority: String? = nil) {
      (self.certificate, self.key) = (certificate, key)
      self.clientAuthority = clientAuthority
    }
  }

  /// Which of the files can not be used, and why.
  public struct Fault: Error, Sendable, CustomStringConvertible {
    /// The three files.
    public enum File: Sendable { case certificate, key, clientAuthority }
    /// Which of them.
    public let file: File
    /// Its path.
    public let path: String
    /// What is wrong with it.
    public let reason: String
    /// The path and the reason.
    public var description: String { "\(path): \(reason)" }
  }

  /// OpenSSL counts who uses it, from any thread.
  // SAFETY: it is not changed any more once it was made.
  nonisolated(unsafe) private let context: OpaquePointer

  /// When the first of our certificates ends, seconds since 1970 UTC.
  public let expires: Int64

  /// Reads the files.
  public init(_ files: Files) throws(Fault) {
    guard let made = unsafe openssl_server() else {
      throw Fault(file: .certificate, path: files.certificate, reason: TLSContext.lastError())
    }
    unsafe context = made
    expires = try unsafe TLSContext.readCertificate(files.certificate, into: made)
    try unsafe TLSContext.readKey(files.key, into: made)
    if let path = files.clientAuthority {
      try unsafe TLSContext.readAuthorities(path, into: made)
    }
  }

  deinit { unsafe SSL_CTX_free(context) }

  /// Calls `body` with OpenSSL's own.
  func withContext<Result>(_ body: (OpaquePointer) -> Result) -> Result { unsafe body(context) }

  /// Reads our certificates; returns when the first of them ends.
  private static func readCertificate(
    _ path: String, into context: OpaquePointer
  ) throws(Fault) -> Int64 {
    var end = Int64.max
    let certificates = try unsafe certificates(path, .certificate)
    defer { unsafe certificates.forEach { unsafe X509_free($0) } }
    for place in unsafe certificates.indices {
      let certificate = unsafe certificates[place]
      end = min(end, unsafe openssl_end(certificate))
      let isTaken =
        place == 0
        ? unsafe SSL_CTX_use_certificate(context, certificate)
        : unsafe openssl_add_chain(context, certificate)
      guard isTaken == 1 else {
        throw Fault(file: .certificate, path: path, reason: lastError())
      }
    }
    return end
  }

  private static func readKey(_ path: String, into context: OpaquePointer) throws(Fault) {
    let text = try unsafe pem(path, .key)
    defer { unsafe BIO_free(text) }
    ERR_clear_error()
    guard let key = unsafe openssl_key(text) else {
      let isEncrypted = "it needs a passphrase, or holds no private key in PEM form"
      throw Fault(file: .key, path: path, reason: "\(isEncrypted) (\(lastError()))")
    }
    defer { unsafe EVP_PKEY_free(key) }
    guard unsafe SSL_CTX_use_PrivateKey(context, key) == 1,
      unsafe SSL_CTX_check_private_key(context) == 1
    else {
      throw Fault(
        file: .key, path: path, reason: "it is not the key of the certificate (\(lastError()))")
    }
  }

  private static func readAuthorities(
    _ path: String, into context: OpaquePointer
  ) throws(Fault) {
    let certificates = try unsafe certificates(path, .clientAuthority)
    defer { unsafe certificates.forEach { unsafe X509_free($0) } }
    let store = unsafe SSL_CTX_get_cert_store(context)
    for place in unsafe certificates.indices {
      let certificate = unsafe certificates[place]
      guard unsafe X509_STORE_add_cert(store, certificate) == 1,
        unsafe SSL_CTX_add_client_CA(context, certificate) == 1
      else { throw Fault(file: .clientAuthority, path: path, reason: lastError()) }
    }
    unsafe openssl_require_client(context)
  }

  /// The certificates of a file, each to be freed; at least one.
  private static func certificates(
    _ path: String, _ file: Fault.File
  ) throws(Fault) -> [OpaquePointer] {
    let text = try unsafe pem(path, file)
    defer { unsafe BIO_free(text) }
    var certificates: [OpaquePointer] = unsafe []
    ERR_clear_error()
    while let next = unsafe openssl_certificate(text) { unsafe certificates.append(next) }
    let isAtEnd = openssl_is_end_of_text(ERR_peek_last_error()) == 1
    if isAtEnd, unsafe !certificates.isEmpty { return unsafe certificates }
    unsafe certificates.forEach { unsafe X509_free($0) }
    let reason =
      isAtEnd ? "it holds no certificate in PEM form" : "a certificate in it can not be read"
    throw Fault(file: file, path: path, reason: isAtEnd ? reason : "\(reason) (\(lastError()))")
  }

  /// How large such a file may be.
  private static let bytesMax = 1 << 20

  /// A file in memory; only what is a plain file is opened for long.
  private static func pem(_ path: String, _ file: Fault.File) throws(Fault) -> OpaquePointer {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw Fault(file: file, path: path, reason: systemMessage(errno))
    }
    defer { close(descriptor) }
    guard let status = FileStatus(descriptor: descriptor), status.kind == .regular,
      status.size <= UInt64(bytesMax)
    else { throw Fault(file: file, path: path, reason: "it is no file of at most 1 MiB") }
    var bytes = [UInt8](repeating: 0, count: bytesMax)
    let count = unsafe bytes.withUnsafeMutableBytes { room in
      // SAFETY: the system writes at most so many bytes.
      unsafe pread(descriptor, room.baseAddress, room.count, 0)
    }
    guard count >= 0, let memory = unsafe BIO_new(BIO_s_mem()) else {
      throw Fault(file: file, path: path, reason: systemMessage(errno))
    }
    if count > 0 { _ = unsafe BIO_write(memory, bytes, Int32(count)) }
    return unsafe memory
  }

  /// What OpenSSL says of the last thing that went wrong on this thread.
  static func lastError() -> String {
    let code = ERR_peek_last_error()
    defer { ERR_clear_error() }
    guard code != 0, let reason = unsafe ERR_reason_error_string(code) else {
      return "no reason is given"
    }
    return unsafe String(cString: reason)
  }
}
