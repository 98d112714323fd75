import COpenSSL
import Foundation

/// Certificates that are made for a test: an authority, and what it signs.
@safe final class Certificates {
  private let folder: String
  // SAFETY: one test owns it.
  private nonisolated(unsafe) let authority: (name: OpaquePointer, key: OpaquePointer)

  /// Makes an authority; its certificate is `FOLDER/NAME.pem`.
  init(_ folder: String, name: String = "authority") throws {
    self.folder = folder
    let key = unsafe Certificates.makeKey()
    unsafe authority = (Certificates.makeName(name), key)
    try unsafe sign(name, key, isAuthority: true)
  }

  /// Makes a certificate and its key: `FOLDER/NAME.pem` and `FOLDER/NAME.key`.
  func make(_ name: String, days: Int = 1) throws {
    try unsafe sign(name, Certificates.makeKey(), days: days)
  }

  private static func makeKey() -> OpaquePointer {
    let maker = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil)
    defer { unsafe EVP_PKEY_CTX_free(maker) }
    var key: OpaquePointer?
    unsafe EVP_PKEY_keygen_init(maker)
    unsafe EVP_PKEY_keygen(maker, &key)
    guard let key = unsafe key else { preconditionFailure("no key could be made") }
    return unsafe key
  }

  private static func makeName(_ name: String) -> OpaquePointer {
    guard let made = unsafe X509_NAME_new() else { preconditionFailure("no memory") }
    let bytes = Array(name.utf8)
    unsafe X509_NAME_add_entry_by_txt(
      made, "CN", MBSTRING_UTF8, bytes, Int32(bytes.count), -1, 0)
    return unsafe made
  }

  private func sign(
    _ name: String, _ key: OpaquePointer, isAuthority: Bool = false, days: Int = 1
  ) throws {
    let certificate = unsafe X509_new()
    defer { unsafe X509_free(certificate) }
    unsafe X509_set_version(certificate, 2)
    unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int.random(in: 1...Int(Int32.max)))
    unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), -7 * 86_400)
    unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86_400)
    unsafe X509_set_subject_name(certificate, Certificates.makeName(name))
    unsafe X509_set_issuer_name(certificate, authority.name)
    unsafe X509_set_pubkey(certificate, key)
    if isAuthority {
      let extensionMade = unsafe X509V3_EXT_conf_nid(
        nil, nil, NID_basic_constraints, "critical,CA:TRUE")
      unsafe X509_add_ext(certificate, extensionMade, -1)
      unsafe X509_EXTENSION_free(extensionMade)
    }
    unsafe X509_sign(certificate, authority.key, nil)
    try unsafe write("\(name).pem") { unsafe PEM_write_bio_X509($0, certificate) }
    try unsafe write("\(name).key") {
      unsafe PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil)
    }
  }

  private func write(_ name: String, _ body: (OpaquePointer?) -> Int32) throws {
    let memory = unsafe BIO_new(BIO_s_mem())
    defer { unsafe BIO_free(memory) }
    precondition(unsafe body(memory) == 1)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe BIO_read(memory, &bytes, Int32(bytes.count))
    try Data(bytes.prefix(Int(count))).write(to: URL(fileURLWithPath: folder + "/" + name))
  }
}

/// A client that sends through TLS.
@safe final class TLSClient {
  private let descriptor: Int32
  // SAFETY: one test owns it.
  private nonisolated(unsafe) let connection: OpaquePointer
  /// Whether the server let it in, as far as it knows.
  let isConnected: Bool

  /// Connects.
  ///
  /// - Parameters:
  ///   - certificate: The client's own, as `PATH.pem` and `PATH.key`.
  ///   - versionMax: The newest version that it speaks, as OpenSSL numbers them.
  init(_ port: Int, certificate: String? = nil, versionMax: Int = TLSClient.version13) {
    let context = unsafe SSL_CTX_new(TLS_client_method())
    defer { unsafe SSL_CTX_free(context) }
    unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLSClient.version11, nil)
    unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, versionMax, nil)
    // Else the library itself would not speak what is old.
    unsafe SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0")
    if let certificate {
      unsafe SSL_CTX_use_certificate_file(context, certificate + ".pem", SSL_FILETYPE_PEM)
      unsafe SSL_CTX_use_PrivateKey_file(context, certificate + ".key", SSL_FILETYPE_PEM)
    }
    descriptor = connectedSocket(port)
    guard let made = unsafe SSL_new(context) else { preconditionFailure("no memory") }
    unsafe connection = made
    unsafe SSL_set_fd(connection, descriptor)
    ERR_clear_error()
    isConnected = unsafe SSL_connect(connection) == 1
  }

  /// TLS 1.1, 1.2 and 1.3.
  static let (version11, version12, version13) = (0x0302, 0x0303, 0x0304)

  deinit {
    unsafe SSL_free(connection)
    close(descriptor)
  }

  /// Sends bytes; says whether they went.
  @discardableResult func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return unsafe SSL_write(connection, bytes, Int32(bytes.count)) == Int32(bytes.count)
  }

  /// Asks for another handshake; says whether the server agreed.
  func renegotiate() -> Bool {
    unsafe SSL_renegotiate(connection)
    guard unsafe SSL_do_handshake(connection) == 1 else { return false }
    var byte: UInt8 = 0
    return unsafe SSL_read(connection, &byte, 1) >= 0
  }

  /// Whether the server has ended the connection, after waiting for a word of it.
  var isEnded: Bool {
    var byte: UInt8 = 0
    return unsafe SSL_read(connection, &byte, 1) <= 0
  }

  /// Says that nothing more comes.
  func end() { unsafe SSL_shutdown(connection) }
}

/// A socket that is connected to a port of this machine.
func connectedSocket(_ port: Int) -> Int32 {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  // SAFETY: the address is given with its true size.
  let result = unsafe withUnsafePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
      unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  precondition(result == 0, "nobody listens")
  // Nothing that a test waits for takes so long.
  var limit = timeval(tv_sec: 20, tv_usec: 0)
  unsafe setsockopt(
    descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  return descriptor
}
