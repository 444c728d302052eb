import Accounts

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Who runs a command, for the audit log.
///
/// It says who it was and proves nothing: whoever can write to the database can write the log too.
enum CommandLineUser {
    /// `cli USER`; behind sudo the user who called it.
    static var auditActor: String { "cli \(Environment.current["SUDO_USER"] ?? name)" }

    private static var name: String {
        let id = getuid()
        guard let entry = getpwuid(id) else { return String(id) }
        return String(cString: entry.pointee.pw_name)
    }
}
