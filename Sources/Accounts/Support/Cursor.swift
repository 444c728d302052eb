import Encodings
import Storage

/// A listing's place as the opaque text that goes to callers and comes back.
enum Cursor {
    static func text(_ position: Position) -> String {
        Base64URL.text("\(position.createdAt.millisecondsSinceEpoch) \(position.id)".utf8)
    }

    /// An empty text is the start: some clients send it on the first page.
    static func position(_ text: String?) throws(AccountsError) -> Position? {
        guard let text, !text.isEmpty else { return nil }
        guard let bytes = Base64URL.bytes(text), let plain = String(validating: bytes, as: UTF8.self),
            let space = plain.firstIndex(of: " "), let time = Int64(plain[..<space]),
            (0...253_402_300_799_999).contains(time)
        else { throw .invalidCursor }
        let id = plain[plain.index(after: space)...]
        guard !id.isEmpty else { throw .invalidCursor }
        return Position(createdAt: Timestamp(millisecondsSinceEpoch: time), id: String(id))
    }
}
