import Crypto
import Encodings
import JSON
import JSONata

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension FunctionLibrary {
    static func addFiles(_ add: (String, @escaping @Sendable (Machine, [JSONValue?]) throws -> JSONValue?) -> Void) {
        add("part") { machine, a in
            let name = a.at(0)?.string ?? "file"
            guard let part = machine.call?.parts.first(where: { $0.name == name && $0.isFile }) else { return nil }
            return try machine.store(part, a.at(1))
        }
        add("parts") { machine, a in
            let name = a.at(0)?.string ?? "file"
            let parts = machine.call?.parts.filter { $0.name == name && $0.isFile } ?? []
            return .array(try parts.compactMap { try machine.store($0, a.at(1)) })
        }
        add("file") { machine, a in
            guard let text = a.at(0)?.string else { return nil }
            return try machine.decoded(text, a.at(1))
        }
        add("raw") { machine, a in try machine.raw(a.at(0)) }
        add("base64") { machine, a in
            guard let file = machine.file(a.at(0)), file.bytes.isKept else { return nil }
            return .string(Data(file.bytes.read(at: 0, count: file.bytes.size) ?? []).base64EncodedString())
        }
        add("extension") { _, a in
            (a.at(0)?["name"]?.string ?? a.at(0)?.string).map { .string(MediaType.fileExtension($0)) }
        }
        add("document") { machine, a in
            let name = try a.text(0, "document")
            let file = machine.document(
                name, size: a.at(1)?.int ?? a.at(1)?["size"]?.int, text: a.at(1)?.string ?? a.at(1)?["text"]?.string)
            return file.json
        }
    }
}

extension Machine {
    /// The stored file that a value names.
    func file(_ value: JSONValue?) -> StoredFile? { value?["$file"]?.string.flatMap { store.files[$0] } }

    fileprivate func store(_ part: ReceivedPart, _ options: JSONValue?) throws -> JSONValue? {
        guard let bytes = part.file, let name = options?["name"]?.string ?? part.head.filename, !name.isEmpty else { return nil }
        return try keep(
            name, options?["content_type"]?.string ?? part.head.contentType, part.sha256, bytes)
    }

    /// A file made of base64 text, or of text that was decoded as it came; nil for text that is no base64.
    fileprivate func decoded(_ text: String, _ options: JSONValue?) throws -> JSONValue? {
        let name = options?["name"]?.string ?? "file"
        let type = options?["content_type"]?.string
        if let found = call?.exchange.decodedFile(text) {
            guard let bytes = found.file else { return nil }
            return try keep(name, type, found.sha256, bytes)
        }
        let plain = text.filter { !$0.isWhitespace }
        guard let data = Data(base64Encoded: plain) else { return nil }
        let bytes = [UInt8](data)
        return try keep(name, type, Hex.text(SHA256.hash(data: bytes)), .holding(bytes, in: core.spool))
    }

    /// The whole body; nil for an empty one.
    fileprivate func raw(_ options: JSONValue?) throws -> JSONValue? {
        guard let call, let found = call.exchange.rawBody(in: core.spool), found.file.size > 0 else { return nil }
        let type = options?["content_type"]?.string ?? call.header("content-type")
        return try keep(options?["name"]?.string ?? "file", type, found.sha256, found.file)
    }

    /// - Throws: the failures of `max_file` and `file_types`.
    func keep(_ name: String, _ type: String?, _ sha256: String, _ bytes: SpooledFile) throws -> JSONValue {
        if let limit = call?.route?.maxFile, options.maxRequestBytes == nil, bytes.size > limit {
            throw Ending.failure("file_too_large", ["limit": .integer(limit), "size": .integer(bytes.size)])
        }
        if let types = call?.route?.fileTypes {
            let found = MediaType.fileExtension(name)
            guard types.contains(found) else { throw Ending.failure("file_type", ["extension": .string(found)]) }
        }
        return store.files.add(name: name, contentType: type, sha256: sha256, bytes: bytes).json
    }

    /// A document of seeds: small, and the same each time.
    fileprivate func document(_ name: String, size: Int?, text: String?) -> StoredFile {
        let line = Array((text ?? "%PDF-1.4\n% \(name) of the sandbox\n%%EOF\n").utf8)
        var bytes = line
        if let size, !line.isEmpty { bytes = (0..<max(0, min(size, 1 << 24))).map { line[$0 % line.count] } }
        return store.files.add(
            name: name, contentType: nil, sha256: Hex.text(SHA256.hash(data: bytes)), bytes: .holding(bytes, in: core.spool)
        )
    }

    // MARK: Signed links

    func link(_ path: String, seconds: Double, _ call: Call) -> String {
        let expires = String(core.clock.now + Int64(seconds * 1000))
        let mark = path.contains("?") ? "&" : "?"
        let signature = sign(path.prefix { $0 != "?" }, expires)
        return "\(call.base)\(path)\(mark)\(plan.linkExpires)=\(expires)&\(plan.linkSignature)=\(signature)"
    }

    /// - Throws: `bad_link` or `expired_link`.
    func checkLink(_ call: Call) throws {
        let query = call.exchange.query
        guard let expires = query[plan.linkExpires], let signature = query[plan.linkSignature], let end = Int64(expires),
            signature == sign(call.exchange.path[...], expires)
        else { throw Ending.failure("bad_link", [:]) }
        guard end > core.clock.now else { throw Ending.failure("expired_link", [:]) }
    }

    private func sign(_ path: Substring, _ expires: String) -> String {
        let key = SymmetricKey(data: Array(secret.utf8))
        return Hex.text(HMAC<SHA256>.authenticationCode(for: Array("\(path) \(expires)".utf8), using: key))
    }
}

extension ReceivedPart {
    var isFile: Bool { head.filename != nil }
}
