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
    public static func load(
        variable: Secret<String>?, file: String?, effects: Effects = .live
    ) throws(VaultError) -> (ring: KeyRing, madeFile: Bool) {
        var texts: [Secret<String>] = []
        if let variable, !variable.exposed().isEmpty { texts.append(variable) }
        if let file, FileManager.default.fileExists(atPath: file) { texts.append(try read(file)) }
        if texts.isEmpty, let file {
            // Two programs may start at once: whoever comes second reads what the first has written.
            let isOurs = try make(file, effects: effects)
            return (try KeyRing(try read(file)), isOurs)
        }
        return (try KeyRing(texts: texts), false)
    }

    private static func read(_ file: String) throws(VaultError) -> Secret<String> {
        guard let data = FileManager.default.contents(atPath: file),
            let text = String(validating: data, as: UTF8.self)
        else { throw .keyFile("cannot read the key file \(file)") }
        return Secret(text)
    }

    /// Writes a file of one new key, readable by its owner only; false where there is one already.
    private static func make(_ file: String, effects: Effects) throws(VaultError) -> Bool {
        let key = effects.randomBytes(32)
        let text = """
            # Master key of the vault. Without it no stored credential can be read: keep a copy elsewhere.
            \(fingerprint(key)):\(Base64URL.text(key))

            """
        // Written whole under another name first: a crash in between leaves no half key, a reader never sees one.
        let draft = "\(file).\(effects.uuid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw .keyFile("cannot create the key file \(file)") }
        defer { unlink(draft) }
        let bytes = Array(text.utf8)
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
