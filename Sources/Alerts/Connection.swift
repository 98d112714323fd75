import CCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One libcurl handle with the connection that it keeps open.
@safe struct Connection: ~Copyable {
  /// What one attempt came to.
  struct Answer {
    /// The status of the final answer, zero when there was none.
    var status = 0
    /// The pause that the answer asks for.
    var retryAfter: Duration?
    /// Whether an address was refused, and there was no other to dial.
    var isAddressRefused = false
    /// What went wrong when there was no answer, and whether it will go wrong again.
    var problem = ""
    var isLasting = false
  }

  /// What libcurl's callbacks see and change during an attempt.
  private struct Attempt {
    let allowsPrivate: Bool
    var isAddressRefused = false
    var isAddressDialled = false
    var bodyByteCount = 0
  }

  private let handle: UnsafeMutableRawPointer?

  /// Prepares the library, once in a process.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  init() {
    unsafe handle = Connection.isReady ? curl_easy_init() : nil
  }

  deinit {
    if let handle = unsafe handle { unsafe curl_easy_cleanup(handle) }
  }

  /// Posts the body once and waits for the answer.
  func post(
    _ body: [UInt8], to target: WebhookTarget, headers: [String], timeout: Duration
  ) -> Answer {
    guard let handle = unsafe handle else { return Answer(problem: "no memory for libcurl") }
    var list: UnsafeMutablePointer<curl_slist>?
    defer { unsafe curl_slist_free_all(list) }
    for header in headers {
      guard let longer = unsafe curl_slist_append(list, header) else {
        return Answer(problem: "no memory for libcurl")
      }
      unsafe list = longer
    }
    var attempt = Attempt(allowsPrivate: target.allowsPrivate)
    // SAFETY: the attempt, the body and the headers outlive the call that uses them, and the reset
    // after it leaves no pointer to them in the handle.
    let code = unsafe withUnsafeMutablePointer(to: &attempt) { attempt in
      unsafe body.withUnsafeBytes { body in
        unsafe curl_easy_reset(handle)
        unsafe Connection.limit(handle, timeout)
        unsafe Connection.listen(handle, attempt)
        _ = unsafe curl_shim_set_string(handle, CURLOPT_URL, target.url)
        _ = unsafe curl_shim_set_headers(handle, list)
        _ = unsafe curl_shim_set_size(
          handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        _ = unsafe curl_shim_set_pointer(
          handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress))
        // Nothing may leave before these two hold: that is what keeps posts where they belong.
        guard unsafe curl_shim_set_long(handle, CURLOPT_POST, 1) == CURLE_OK,
          unsafe curl_shim_only_http(handle) == CURLE_OK
        else { return CURLE_FAILED_INIT }
        return withoutPipeSignal { unsafe curl_easy_perform(handle) }
      }
    }
    var answer = unsafe Connection.read(code, handle)
    answer.isAddressRefused = attempt.isAddressRefused && !attempt.isAddressDialled
    unsafe curl_easy_reset(handle)
    return answer
  }

  private static func limit(_ handle: UnsafeMutableRawPointer, _ timeout: Duration) {
    let (seconds, attoseconds) = timeout.components
    let milliseconds = max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    _ = unsafe curl_shim_set_long(handle, CURLOPT_TIMEOUT_MS, milliseconds)
    _ = unsafe curl_shim_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds)
    _ = unsafe curl_shim_set_long(handle, CURLOPT_NOSIGNAL, 1)
    _ = unsafe curl_shim_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    // An empty name turns off the proxies that the environment names.
    _ = unsafe curl_shim_set_string(handle, CURLOPT_PROXY, "")
  }

  private static func listen(
    _ handle: UnsafeMutableRawPointer, _ attempt: UnsafeMutablePointer<Attempt>
  ) {
    _ = unsafe curl_shim_set_pointer(handle, CURLOPT_WRITEDATA, attempt)
    _ = unsafe curl_shim_on_body(handle) { _, size, count, context in
      guard let attempt = unsafe context?.assumingMemoryBound(to: Attempt.self) else { return 0 }
      unsafe attempt.pointee.bodyByteCount += size * count
      // Taking less than was given ends the transfer.
      let isWithin =
        unsafe attempt.pointee.bodyByteCount <= WebhookClient.answerByteCountMax
      return isWithin ? size * count : 0
    }
    _ = unsafe curl_shim_set_pointer(handle, CURLOPT_OPENSOCKETDATA, attempt)
    _ = unsafe curl_shim_on_socket(handle) { context, _, address in
      guard let attempt = unsafe context?.assumingMemoryBound(to: Attempt.self),
        let address = unsafe address
      else { return CURL_SOCKET_BAD }
      let isSpecial = unsafe SpecialAddress.contains(Connection.bytes(of: address))
      guard unsafe !isSpecial || attempt.pointee.allowsPrivate else {
        unsafe attempt.pointee.isAddressRefused = true
        return CURL_SOCKET_BAD
      }
      unsafe attempt.pointee.isAddressDialled = true
      return unsafe socket(
        address.pointee.family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue),
        address.pointee.protocol)
    }
  }

  /// The address about to be dialled, in network order; empty when it is of neither family.
  private static func bytes(of address: UnsafeMutablePointer<curl_sockaddr>) -> [UInt8] {
    let isIPv6 = unsafe address.pointee.family == AF_INET6
    let offset =
      isIPv6
      ? MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr)
      : MemoryLayout<sockaddr_in>.offset(of: \.sin_addr)
    let count = isIPv6 ? 16 : 4
    guard let offset, let start = MemoryLayout<curl_sockaddr>.offset(of: \.addr),
      unsafe isIPv6 || address.pointee.family == AF_INET,
      unsafe Int(address.pointee.addrlen) >= offset + count
    else { return [] }
    // SAFETY: libcurl keeps `addrlen` bytes of address there, more than `sockaddr` itself has.
    return unsafe [UInt8](
      UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + start + offset, count: count))
  }

  private static func read(_ code: CURLcode, _ handle: UnsafeMutableRawPointer) -> Answer {
    var answer = Answer()
    var status = 0
    _ = unsafe curl_shim_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    answer.status = status >= 200 ? status : 0
    var seconds: curl_off_t = 0
    if unsafe curl_shim_get_size(handle, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK, seconds > 0 {
      answer.retryAfter = .seconds(Int64(min(seconds, 86_400)))
    }
    switch code {
    case CURLE_OK: answer.problem = "no answer"
    case CURLE_OPERATION_TIMEDOUT: answer.problem = "no answer in time"
    default: answer.problem = unsafe String(cString: curl_easy_strerror(code)).lowercasedFirst
    }
    answer.isLasting = [
      CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT, CURLE_FAILED_INIT,
      CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
    ].contains(code)
    return answer
  }
}

/// Runs `body` with SIGPIPE held back on this thread.
///
/// A receiver that hangs up in the middle of a TLS write would else end the process, and turning
/// the signal off for the process would change how `rollcall scan | head` ends.
package func withoutPipeSignal<Result>(_ body: () -> Result) -> Result {
  var pipe = sigset_t()
  var before = sigset_t()
  var pending = sigset_t()
  unsafe sigemptyset(&pipe)
  unsafe sigaddset(&pipe, SIGPIPE)
  unsafe sigpending(&pending)
  let wasPending = unsafe sigismember(&pending, SIGPIPE) == 1
  unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
  let result = body()
  unsafe sigpending(&pending)
  if !wasPending, unsafe sigismember(&pending, SIGPIPE) == 1 {
    var atOnce = timespec()
    _ = unsafe sigtimedwait(&pipe, nil, &atOnce)
  }
  unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
  return result
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
