import Catalog
import NIOCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A file that a contract row sends.
struct ContractFile: Sendable {
    var name: String
    var type: String
    var bytes: ByteBuffer

    /// - Parameters:
    ///   - accepted: media types and extensions that the method takes; empty: any.
    ///   - row: what the file's name begins with, so that vendors that tell files apart by their names can.
    /// - Returns: nil where none of the usual types of documents is taken.
    init?(_ row: String, size: Int, accepted: [String]) {
        let usual = [
            ("pdf", "application/pdf"), ("txt", "text/plain"), ("png", "image/png"),
            ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ]
        let taken = usual.first { ending, type in
            accepted.isEmpty || accepted.contains { [".\(ending)", ending, type].contains($0) }
        }
        guard let (ending, type) = taken else { return nil }
        name = "\(row).\(ending)"
        self.type = type
        // The row's name stands at the front: no two files of a run are the same.
        var bytes = ByteBuffer(string: String("%PDF-1.4 \(row)\n".prefix(size)))
        bytes.reserveCapacity(size)
        let block = ByteBuffer(bytes: (0..<1021).map { UInt8($0 % 251) })
        while bytes.readableBytes < size {
            bytes.writeImmutableBuffer(block.getSlice(at: 0, length: min(1021, size - bytes.readableBytes)) ?? block)
        }
        self.bytes = bytes
    }

    var base64: String { Data(bytes.readableBytesView).base64EncodedString() }
}

/// The ways in which a client may send a file.
enum ContractForm: CaseIterable {
    case multipart, fileFirst, json, raw, urlencoded
}
