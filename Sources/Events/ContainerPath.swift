import Bytes

/// What the path of a container's log says about the container; what it does not say is empty.
///
/// Kubernetes names its logs `…/POD_NAMESPACE_CONTAINER-ID.log` and `…/NAMESPACE_POD_UID/CONTAINER/N.log`,
/// Docker `…/ID/ID-json.log`. A rotated log has more behind the `.log`.
struct ContainerPath: Sendable {
  /// The container's name and id.
  private(set) var container = ByteView.empty, id = ByteView.empty
  /// The pod and its namespace.
  private(set) var pod = ByteView.empty, namespace = ByteView.empty

  /// How long an id is that a runtime gives, in hexadecimal digits.
  private static let idDigits = 64

  /// Nothing known.
  init() {}

  /// What a path says.
  init(_ path: ByteView) {
    let slash = path.lastOffset(of: UInt8(ascii: "/")) ?? -1
    let name = path.dropFirst(slash + 1)
    guard let suffix = name.firstOffset(of: ".log") else { return }
    let stem = name.prefix(suffix)
    if stem.hasSuffix("-json"), ContainerPath.isID(stem.prefix(stem.count - 5)) {
      id = stem.prefix(stem.count - 5)
    } else if let parts = ContainerPath.parts(stem) {
      let dash = parts.third.count - ContainerPath.idDigits - 1
      guard dash > 0, parts.third[dash] == UInt8(ascii: "-"),
        ContainerPath.isID(parts.third.dropFirst(dash + 1))
      else { return }
      (pod, namespace) = (parts.first, parts.second)
      (container, id) = (parts.third.prefix(dash), parts.third.dropFirst(dash + 1))
    } else if slash > 0, stem.decimal != nil {
      let folder = path.lastOffset(of: UInt8(ascii: "/"), before: slash) ?? -1
      guard folder > 0 else { return }
      let above = path.lastOffset(of: UInt8(ascii: "/"), before: folder) ?? -1
      guard let parts = ContainerPath.parts(path.slice(above + 1, folder)) else { return }
      (namespace, pod) = (parts.first, parts.second)
      container = path.slice(folder + 1, slash)
    }
  }

  /// The three words between exactly two underscores, none of them empty.
  private static func parts(
    _ text: ByteView
  ) -> (first: ByteView, second: ByteView, third: ByteView)? {
    guard let one = text.firstOffset(of: 0x5F), one > 0,
      let two = text.firstOffset(of: 0x5F, from: one + 1), two > one + 1, two + 1 < text.count,
      text.firstOffset(of: 0x5F, from: two + 1) == nil
    else { return nil }
    return (text.prefix(one), text.slice(one + 1, two), text.dropFirst(two + 1))
  }

  private static func isID(_ text: ByteView) -> Bool {
    guard text.count == idDigits else { return false }
    for offset in 0..<text.count {
      switch text[offset] {
      case 0x30...0x39, 0x61...0x66: break
      default: return false
      }
    }
    return true
  }

  /// Says what is known on an event.
  func set(on event: Event) {
    if !container.isEmpty { event.set(.containerName, container) }
    if !id.isEmpty { event.set(.containerID, id) }
    if !pod.isEmpty { event.set(.podName, pod) }
    if !namespace.isEmpty { event.set(.podNamespace, namespace) }
  }
}
