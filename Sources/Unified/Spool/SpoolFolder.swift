#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where files lie that are spooled.
package enum SpoolFolder {
    /// `TMPDIR`, else `/var/tmp`, which unlike `/tmp` is seldom memory.
    package static var standard: String {
        if let folder = ProcessInfo.processInfo.environment["TMPDIR"], !folder.isEmpty { return folder }
        return "/var/tmp"
    }
}
