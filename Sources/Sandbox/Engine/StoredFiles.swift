import Crypto
import JSON

/// A file that a record may hold: what `{"$file": id, …}` names.
struct StoredFile: Sendable {
    var id: String
    var name: String
    var contentType: String
    var sha256: String
    var bytes: SpooledFile

    var json: JSONValue {
        [
            "$file": .string(id), "name": .string(name), "content_type": .string(contentType),
            "size": .integer(bytes.size), "sha256": .string(sha256),
        ]
    }
}

/// The files of a sandbox, each kept as long as a record names it.
struct StoredFiles {
    private var files: [String: StoredFile] = [:]
    private var holders: [String: Int] = [:]
    /// Made or let go of since the last sweep.
    private var touched: Set<String> = []
    private var count = 0

    subscript(id: String) -> StoredFile? { files[id] }

    mutating func add(name: String, contentType: String?, sha256: String, bytes: SpooledFile) -> StoredFile {
        count += 1
        let file = StoredFile(
            id: "f\(count)", name: name, contentType: contentType ?? MediaType.of(name), sha256: sha256, bytes: bytes
        )
        files[file.id] = file
        touched.insert(file.id)
        return file
    }

    /// The same bytes under another name.
    mutating func rename(_ file: StoredFile, name: String?, contentType: String?) -> StoredFile {
        guard name != nil || contentType != nil else { return file }
        return add(
            name: name ?? file.name, contentType: contentType ?? (name == nil ? file.contentType : nil),
            sha256: file.sha256, bytes: file.bytes
        )
    }

    mutating func hold(_ record: JSONValue) {
        Self.visit(record) { holders[$0, default: 0] += 1 }
    }

    mutating func letGo(_ record: JSONValue) {
        Self.visit(record) { id in
            holders[id, default: 0] -= 1
            touched.insert(id)
        }
    }

    /// Forgets the files that no record holds.
    mutating func sweep() {
        for id in touched where holders[id, default: 0] <= 0 {
            files[id] = nil
            holders[id] = nil
        }
        touched = []
    }

    private static func visit(_ value: JSONValue, _ found: (String) -> Void) {
        switch value {
        case .object(let object):
            if let id = object["$file"]?.string { return found(id) }
            for (_, inner) in object { visit(inner, found) }
        case .array(let items): for item in items { visit(item, found) }
        default: break
        }
    }
}

/// Media types by the extension of a file's name.
enum MediaType {
    private static let known = [
        "pdf": "application/pdf", "doc": "application/msword", "txt": "text/plain", "rtf": "application/rtf",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "png": "image/png",
        "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "html": "text/html", "csv": "text/csv",
        "json": "application/json", "xml": "application/xml", "zip": "application/zip",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]

    static func of(_ name: String) -> String { known[fileExtension(name)] ?? "application/octet-stream" }

    /// In lower case, without the dot; empty where the name has none.
    static func fileExtension(_ name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
        return name[name.index(after: dot)...].lowercased()
    }
}
