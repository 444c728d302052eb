import Crypto
import Encodings

/// Hashes and counts the parts of one form; files go to the spool, fields stay in memory.
struct PartCollector: PartSink {
    static let maxFieldBytes = 64 * 1024
    static let maxParts = 10_000

    private(set) var parts: [ReceivedPart] = []
    /// The close delimiter has been read.
    private(set) var isWhole = false
    private(set) var fault: String?

    private let spool: FileSpool
    private var head: PartHead?
    private var hash = SHA256()
    private var size = 0
    private var value: [UInt8] = []
    private var writer: SpoolWriter?

    init(spool: FileSpool) { self.spool = spool }

    mutating func begin(_ head: PartHead) {
        self.head = head
        hash = SHA256()
        size = 0
        value = []
        writer = head.filename == nil ? nil : SpoolWriter(spool)
    }

    mutating func data(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
        size += bytes.count
        if writer != nil {
            writer?.write(bytes)
        } else if value.count < Self.maxFieldBytes {
            value.append(contentsOf: bytes.prefix(Self.maxFieldBytes - value.count))
        }
    }

    mutating func endPart() {
        guard let head, parts.count < Self.maxParts else { return }
        parts.append(
            ReceivedPart(
                head: head, size: size, sha256: Hex.text(hash.finalize()), value: value, file: writer?.finish()
            ))
        self.head = nil
        writer = nil
    }

    mutating func end() { isWhole = true }

    mutating func malformed(_ reason: String) { fault = reason }

    /// Lets go of every file, so that its bytes leave the disk with the last other holder.
    mutating func releaseFiles() {
        writer = nil
        for at in parts.indices { parts[at].file = nil }
    }
}
