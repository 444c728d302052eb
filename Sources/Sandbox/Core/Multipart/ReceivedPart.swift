/// A form part that arrived whole.
struct ReceivedPart: Sendable {
    var head: PartHead
    /// In bytes.
    var size: Int
    /// Hexadecimal SHA-256 of the part's bytes.
    var sha256: String
    /// The bytes of a part without a filename, up to `PartCollector.maxFieldBytes`.
    var value: [UInt8]
    /// The bytes of a part with a filename.
    var file: SpooledFile?

    var name: String { head.name }
    var text: String { String(decoding: value, as: UTF8.self) }
}
