import CCrypto

/// A running SHA-256.
@safe final class SHA256 {
  private let context: OpaquePointer

  /// A hash of nothing yet.
  init() throws(InputError) {
    guard let context = unsafe EVP_MD_CTX_new() else { throw .noMemory(for: "SHA-256") }
    guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      unsafe EVP_MD_CTX_free(context)
      throw .noMemory(for: "SHA-256")
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MD_CTX_free(context) }

  /// Adds `bytes`.
  @unsafe func update(_ bytes: UnsafeRawBufferPointer) {
    // SAFETY: the context lives as long as this object and the buffer as long as the call.
    _ = unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  /// The hash of everything added, in hexadecimal; nothing may be added afterwards.
  func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    // SAFETY: a SHA-256 fills exactly 32 bytes.
    _ = unsafe EVP_DigestFinal_ex(context, &digest, nil)
    return hexadecimal(digest)
  }
}

extension InputError {
  /// A library could not get the memory it needs.
  static func noMemory(for what: String) -> InputError {
    InputError(
      path: what, reason: .noMemory, message: "no memory left to start \(what)",
      fix: "free memory, or read fewer inputs at once")
  }
}
