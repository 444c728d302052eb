import Encodings

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension KeyRing {
    /// The keys of the environment variable and of the file, those of the variable first; with neither, a new file.
    ///
    /// - Parameters:
    ///   - variable: the text of `ATTACHE_MASTER_KEY`, nil or empty when it is not set.
    ///   - file: the key file; nil for none.
    /// - Returns: the ring, and whether the file was made now and so must be kept safe by the operator.
    package static func load(
        variable: Secret<String>?, file: String?, effects: Effects = .live
    ) throws(VaultError) -> (ring: KeyRing, madeFile: Bool) {
        var reader = KeyReader()
        let isSet = variable.map { !$0.exposed().isEmpty } ?? false
        var isOurs = false
        if let variable, isSet { try reader.read(variable) }
        if let file {
            // Two programs may start at once: whoever comes second reads what the first has written.
            if !isSet, !FileManager.default.fileExists(atPath: file) { isOurs = try make(file, effects: effects) }
            if FileManager.default.fileExists(atPath: file) { try read(file, into: &reader) }
        }
        return (try reader.ring(), isOurs)
    }

    private static func read(_ file: String, into reader: inout KeyReader) throws(VaultError) {
        guard var data = FileManager.default.contents(atPath: file) else {
            throw .keyFile("cannot read the key file \(file)")
        }
        defer { Wiping.wipe(&data) }
        try data.withUnsafeBytes { bytes in
            Result { () throws(VaultError) in try reader.read(bytes.bindMemory(to: UInt8.self)) }
        }.get()
    }

    /// A line of a key file with a new key: `ID:KEY`.
    package static func newKey(_ effects: Effects = .live) -> Secret<String> {
        var key = effects.randomBytes(32)
        defer { Wiping.wipe(&key) }
        return Secret("\(fingerprint(key)):\(String(decoding: Base64URL.encoded(key), as: UTF8.self))")
    }

    /// Writes a file of one new key, readable by its owner only; false where there is one already.
    private static func make(_ file: String, effects: Effects) throws(VaultError) -> Bool {
        var key = effects.randomBytes(32)
        var text = Base64URL.encoded(key)
        var bytes = Array(
            """
            # Master key of the vault. Without it no stored credential can be read: keep a copy elsewhere.
            \(fingerprint(key)):
            """.utf8)
        bytes.reserveCapacity(bytes.count + text.count + 1)
        bytes += text
        bytes.append(UInt8(ascii: "\n"))
        defer {
            Wiping.wipe(&key)
            Wiping.wipe(&text)
            Wiping.wipe(&bytes)
        }
        // Written whole under another name first: a crash in between leaves no half key, a reader never sees one.
        let draft = "\(file).\(effects.uuid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw .keyFile("cannot create the key file \(file)") }
        defer { unlink(draft) }
        let isWritten = write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten else { throw .keyFile("cannot write the key file \(file)") }
        guard link(draft, file) == 0 else {
            if errno == EEXIST { return false }
            throw .keyFile("cannot create the key file \(file)")
        }
        syncDirectory(of: file)
        return true
    }

    /// So that the name of the file, too, outlives the machine's power; where that fails the key is still in the file.
    private static func syncDirectory(of file: String) {
        let directory = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
