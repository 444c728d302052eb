import Synchronization

/// A JSON document as its text, known to be valid, and read into a value only when someone looks inside.
///
/// Copies share the text and the value.
public struct JSONText: Sendable {
    private let document: Document

    private final class Document: Sendable {
        let bytes: [UInt8]
        let value = Mutex<JSONValue?>(nil)

        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    /// - Throws: `JSONError` for bytes that are no document by RFC 8259, or nest deeper than `maxDepth`.
    public init(_ bytes: [UInt8], maxDepth: Int = 512) throws(JSONError) {
        let arena = Arena()
        defer { arena.destroy() }
        let fault = bytes.withUnsafeBytes { bytes -> JSONError? in
            do throws(JSONError) {
                _ = try ValueReader.read(bytes, in: arena, maxDepth: maxDepth)
                return nil
            } catch {
                return error
            }
        }
        if let fault { throw fault }
        document = Document(bytes)
    }

    /// The text of a value.
    public init(_ value: JSONValue) {
        document = Document(value.bytes())
        document.value.withLock { $0 = value }
    }

    /// - Precondition: `bytes` are a valid document.
    public init(unchecked bytes: [UInt8]) { document = Document(bytes) }

    public var bytes: [UInt8] { document.bytes }

    /// Whether the document is an object.
    public var isObject: Bool {
        bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D } == UInt8(ascii: "{")
    }

    /// What the text says.
    public var value: JSONValue {
        document.value.withLock { value in
            if let value { return value }
            // Valid, so that it can be read; the two parsers agree on that.
            let read = (try? JSONValue.parse(document.bytes)) ?? .null
            value = read
            return read
        }
    }
}
