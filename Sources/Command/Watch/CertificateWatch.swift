import Inputs
import Logging

/// Says each day which listeners' certificates end within a month.
final class CertificateWatch {
  private struct Certificate {
    let source, file: String
    let expires: Int64
  }
  private var certificates: [Certificate] = []
  private var lastTold = Int64.min

  private static let pause: Int64 = 86_400

  /// Takes note of the certificates that listeners have from now on.
  func take(_ sources: [Configuration.Source], _ contexts: [TLSContext?]) {
    certificates = zip(sources, contexts).compactMap { source, context in
      guard let context, let tls = source.tls else { return nil }
      return Certificate(
        source: source.name, file: tls.files.certificate, expires: context.expires)
    }
    lastTold = .min
  }

  /// What is to be said of them now, seconds since 1970 UTC.
  func warnings(at now: Int64) -> [(source: String, message: String)] {
    guard lastTold == .min || now - lastTold >= CertificateWatch.pause else { return [] }
    lastTold = now
    return certificates.compactMap { certificate in
      CertificateEnd.message(certificate.file, certificate.expires, at: now).map {
        (certificate.source, "\($0); renew it, and SIGHUP has it read anew")
      }
    }
  }

  /// What stands beside a source's counts.
  func remark(on source: String, at now: Int64) -> String? {
    certificates.lazy.filter { $0.source == source }
      .compactMap { CertificateEnd.text($0.expires, at: now) }.first.map { "its certificate \($0)" }
  }
}
