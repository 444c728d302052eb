import FoundationEssentials
import JSON
import NIOCore

/// Reads whole documents from files or standard input.
enum Documents {
    /// The bytes of a file; `-` is standard input.
    static func bytes(_ path: String) throws(CommandError) -> [UInt8] {
        if path == "-" {
            let input = try FileSource(path: "-", name: nil, contentType: nil)
            var bytes: [UInt8] = []
            while true {
                guard let chunk = try? input.read(upTo: 64 << 10) else {
                    throw CommandError("Cannot read standard input")
                }
                if chunk.readableBytes == 0 { return bytes }
                bytes.append(contentsOf: chunk.readableBytesView)
            }
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError("Cannot read \(path)", do: "Give the path of a file")
        }
        return Array(data)
    }

    static func text(_ path: String) throws(CommandError) -> String {
        guard let text = String(validating: try bytes(path), as: UTF8.self) else {
            throw CommandError("\(path) is not UTF-8 text")
        }
        return text
    }

    static func json(_ path: String) throws(CommandError) -> JSONValue {
        let bytes = try bytes(path)
        do { return try JSONValue.parse(bytes) } catch {
            throw CommandError("\(path == "-" ? "Standard input" : path) is no JSON: \(error)")
        }
    }

    static func object(_ path: String) throws(CommandError) -> JSONObject {
        guard let object = try json(path).object else { throw CommandError("\(path) must hold a JSON object") }
        return object
    }
}
