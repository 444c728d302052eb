import Catalog
package import NIOCore

/// A long list's text, put together piece by piece while it is sent.
///
/// Of the records there are only what the mapping made and the provider's page, so that the whole text never takes memory.
package struct JSONPieces: Sendable {
    /// Bytes from which a piece is long enough.
    private static let size = 256 << 10

    private let start: ByteBuffer
    private let records: [RecordText]
    private let end: ByteBuffer
    /// Bytes of the whole.
    package let count: Int

    /// - Parameters:
    ///   - start: what is before the first record.
    ///   - records: of which there is at least one; a comma is between two.
    ///   - end: what is behind the last.
    init(start: StaticString, records: [RecordText], end: ByteBuffer) {
        self.start = ByteBuffer(staticString: start)
        self.records = records
        self.end = end
        count = start.utf8CodeUnitCount + records.reduce(0) { $0 + $1.count + 1 } - 1 + end.readableBytes
    }

    /// Hands over one piece after the other.
    package func send(_ take: (ByteBuffer) async throws -> Void) async throws {
        var piece = start
        for at in records.indices {
            write(at, to: &piece)
            guard piece.readableBytes >= Self.size else { continue }
            try await take(piece)
            piece = ByteBuffer()
        }
        piece.writeImmutableBuffer(end)
        try await take(piece)
    }

    /// The text in one, for who has to read it all.
    package var whole: ByteBuffer {
        var whole = ByteBuffer()
        whole.reserveCapacity(count)
        whole.writeImmutableBuffer(start)
        for at in records.indices { write(at, to: &whole) }
        whole.writeImmutableBuffer(end)
        return whole
    }

    /// Writes a record, behind a comma where it is not the first.
    private func write(_ at: Int, to text: inout ByteBuffer) {
        if at > 0 { text.writeStaticString(",") }
        text.writeBytes(records[at].fields)
        text.writeBytes(records[at].remoteData)
        text.writeStaticString("}")
    }
}
