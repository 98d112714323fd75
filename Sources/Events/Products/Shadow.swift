import Bytes

/// Reads what shadow-utils write: accounts and groups made, changed and removed.
///
/// The account changed is `user.target.name`; who changed it is known only where the line says so.
/// Messages about the shadow twin of a file carry no action, so that each change counts once.
enum Shadow {
  /// Maps one message; see ``Products/map(program:message:into:)``.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    guard text.count >= 8 else { return false }
    switch text[0] {
    case UInt8(ascii: "n"): return new(text, event)
    case UInt8(ascii: "f"): return failed(text, event)
    case UInt8(ascii: "a"): return membership(text, event)
    case UInt8(ascii: "c"): return change(text, event) || changed(text, event)
    case UInt8(ascii: "d"): return delete(text, event)
    case UInt8(ascii: "g"): return group(text, event)
    case UInt8(ascii: "l"), UInt8(ascii: "u"): return lock(text, event) || byWhom(text, event)
    case UInt8(ascii: "p"): return password(text, event)
    case UInt8(ascii: "r"): return removed(text, event)
    default: return false
    }
  }

  private static func mark(
    _ code: StaticString, _ action: StaticString?, target: ByteView? = nil, group: ByteView? = nil,
    _ event: Event
  ) {
    event.mark(code, "shadow", .iam, action, .success)
    if let target { event.set(.userTargetName, target) }
    if let group { event.set(.groupName, group) }
  }

  /// `new user: name=U, UID=n, …` and `new group: name=G, GID=n`.
  private static func new(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("new user: name="), let end = text.firstOffset(of: ", UID=", from: 15) {
      mark("useradd.new_user", "account.create", target: text.slice(15, end), event)
      return true
    }
    guard text.hasPrefix("new group: name="), let end = text.firstOffset(of: ", GID=", from: 16)
    else { return false }
    mark("groupadd.new_group", nil, group: text.slice(16, end), event)
    return true
  }

  /// `failed adding user 'U', …`.
  private static func failed(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("failed adding user "), let user = text.name(at: 19, closing: ",") else {
      return false
    }
    event.mark("useradd.failed", "shadow", .iam, "account.create", .failure)
    event.set(.userTargetName, user.name)
    return true
  }

  /// `add 'U' to group 'G'`, and to its shadow.
  private static func membership(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("add "), let user = text.name(at: 4, closing: " to ") else { return false }
    if text.has(" to group ", at: user.end), let group = text.name(at: user.end + 10) {
      mark("usermod.group_add", "group.add", target: user.name, group: group.name, event)
      return true
    }
    guard text.has(" to shadow group ", at: user.end), let group = text.name(at: user.end + 17)
    else { return false }
    mark("usermod.shadow_group_add", nil, target: user.name, group: group.name, event)
    return true
  }

  /// `change user 'U' WHAT[ from 'a' to 'b']` and `change user name 'a' to 'b'`.
  private static func change(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("change user ") else { return false }
    if text.has("name ", at: 12), let user = text.name(at: 17, closing: " to ") {
      mark("usermod.renamed", "account.update", target: user.name, event)
      return true
    }
    guard let user = text.name(at: 12, closing: " "), user.end < text.count else { return false }
    let what = text.word(from: user.end + 1)
    if what.equals("password") {
      mark("usermod.password", "account.password", target: user.name, event)
    } else if what.equals("expiration") {
      mark("usermod.expiration", "account.expiry", target: user.name, event)
      setExpiry(text, after: user.end + 1 + what.count, event)
    } else if what.equals("UID") || what.equals("GID") || what.equals("home")
      || what.equals("shell") || what.equals("inactive") || what.equals("comment")
    {
      mark("usermod.changed", "account.update", target: user.name, event)
    } else {
      return false
    }
    return true
  }

  /// ` from 'a' to 'b'`; an empty date or `never` is kept as written.
  private static func setExpiry(_ text: ByteView, after start: Int, _ event: Event) {
    guard text.has(" from ", at: start), let from = text.name(at: start + 6, closing: " to "),
      let to = text.name(at: from.end + 4)
    else { return }
    event.set(.expiryFrom, from.name)
    event.set(.expiryTo, to.name)
  }

  /// `changed password expiry for U`, `changed user 'U' shell to …`.
  private static func changed(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("changed password expiry for "), let user = text.name(at: 28) {
      mark("chage.expiry", "account.expiry", target: user.name, event)
      return true
    }
    guard text.hasPrefix("changed user "), let user = text.name(at: 13, closing: " ") else {
      return false
    }
    mark("chfn.changed", "account.update", target: user.name, event)
    return true
  }

  /// `delete user 'U'`, `delete 'U' from group 'G'`, and from its shadow.
  private static func delete(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("delete user "), let user = text.name(at: 12) {
      mark("userdel.deleted", "account.delete", target: user.name, event)
      return true
    }
    guard text.hasPrefix("delete "), let user = text.name(at: 7, closing: " from ") else {
      return false
    }
    if text.has(" from group ", at: user.end), let group = text.name(at: user.end + 12) {
      mark("usermod.group_remove", "group.remove", target: user.name, group: group.name, event)
      return true
    }
    guard text.has(" from shadow group ", at: user.end), let group = text.name(at: user.end + 19)
    else { return false }
    mark("usermod.shadow_group_remove", nil, target: user.name, group: group.name, event)
    return true
  }

  /// `group added to /etc/group: name=G, …` and `group 'G' removed[ from /etc/group]`.
  private static func group(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("group added to "), let name = text.firstOffset(of: ": name=") {
      let word = text.word(from: name + 7)
      let group = word.last == UInt8(ascii: ",") ? word.prefix(word.count - 1) : word
      mark("groupadd.file", nil, group: group, event)
      return true
    }
    guard text.hasPrefix("group "), let group = text.name(at: 6, closing: " removed"),
      text.has(" removed", at: group.end)
    else { return false }
    mark("groupdel.removed", nil, group: group.name, event)
    return true
  }

  /// `lock user 'U' password` and `unlock user 'U' password`.
  private static func lock(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("lock user "), let user = text.name(at: 10, closing: " password") {
      mark("usermod.lock", "account.lock", target: user.name, event)
      return true
    }
    guard text.hasPrefix("unlock user "), let user = text.name(at: 12, closing: " password") else {
      return false
    }
    mark("usermod.unlock", "account.unlock", target: user.name, event)
    return true
  }

  /// `user U added by V to group G` and `user U removed by V from group G`.
  private static func byWhom(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("user "), let user = text.name(at: 5) else { return false }
    if text.has(" added by ", at: user.end), let actor = text.name(at: user.end + 10),
      text.has(" to group ", at: actor.end), let group = text.name(at: actor.end + 10)
    {
      mark("gpasswd.added", "group.add", target: user.name, group: group.name, event)
      event.set(.userName, actor.name)
      return true
    }
    guard text.has(" removed by ", at: user.end), let actor = text.name(at: user.end + 12),
      text.has(" from group ", at: actor.end), let group = text.name(at: actor.end + 12)
    else { return false }
    mark("gpasswd.removed", "group.remove", target: user.name, group: group.name, event)
    event.set(.userName, actor.name)
    return true
  }

  /// `password for 'U' changed by 'V'` and `password locked|unlocked for 'U'[ by 'V']`.
  private static func password(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("password for "), let user = text.name(at: 13, closing: " changed by "),
      text.has(" changed by ", at: user.end), let actor = text.name(at: user.end + 12)
    {
      mark("passwd.changed", "account.password", target: user.name, event)
      event.set(.userName, actor.name)
      return true
    }
    var start = 20
    let isUnlock = text.hasPrefix("password unlocked for ")
    if isUnlock { start = 22 }
    guard isUnlock || text.hasPrefix("password locked for "), let user = text.name(at: start) else {
      return false
    }
    if isUnlock {
      mark("passwd.unlocked", "account.unlock", target: user.name, event)
    } else {
      mark("passwd.locked", "account.lock", target: user.name, event)
    }
    if text.has(" by ", at: user.end), let actor = text.name(at: user.end + 4) {
      event.set(.userName, actor.name)
    }
    return true
  }

  /// `removed [shadow ]group 'G' owned by 'U'`.
  private static func removed(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("removed ") else { return false }
    let start = text.has("shadow group ", at: 8) ? 21 : 14
    guard start == 21 || text.has("group ", at: 8), let group = text.name(at: start) else {
      return false
    }
    mark("userdel.group_removed", nil, group: group.name, event)
    return true
  }
}
