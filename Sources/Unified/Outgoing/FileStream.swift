import JSON
import Multipart
import NIOCore
import Upstream

/// Produces an outgoing body around a file that is still arriving.
struct FileStream: Sendable {
    let layout: BodyLayout
    let source: any FileSource
    /// Bytes that the provider takes in one body; nil: it states no limit.
    let largest: Int64?
    /// Judges the fields that came after the file, before the body's last byte is sent.
    let checkLate: @Sendable ([String]) throws -> Void

    /// The body's length in bytes, from the file's size or the most it can be; nil where neither is known.
    ///
    /// The bound is exact when the file is the form's last part. Where other parts follow, the file turns out shorter,
    /// and the rest is filled with spaces behind the body's end, where multipart (RFC 2046 §5.1.1, epilogue) JSON
    /// (RFC 8259 §2) and XML (§2.8, Misc) allow them. A provider that wants a `Content-Length` gets one either way.
    var declaredLength: Int64? {
        if let exact = layout.length(fileSize: source.fileSize) { return exact }
        return layout.allowsPadding ? layout.length(fileSize: source.fileSizeBound) : nil
    }

    /// Writes the body; throws, which aborts the request before its last byte, where the form turns out to be unusable.
    func produce(_ writer: BodyWriter) async throws {
        let declared = declaredLength
        var written: Int64 = 0
        func write(_ bytes: ByteBuffer) async throws {
            written += Int64(bytes.readableBytes)
            if let largest, written > largest { throw APIError.bodyTooLargeForProvider(limit: largest) }
            try await writer.write(bytes)
        }
        for segment in layout.segments {
            switch segment {
            case .bytes(let bytes): try await write(bytes)
            case .file(let encoding, _):
                try await Self.copy(source, encoding, write)
                try await source.finish()
                try checkLate(source.lateFields)
            }
        }
        if let declared, written < declared {
            var padding = Int(declared - written)
            while padding > 0 {
                let piece = min(padding, 64 << 10)
                try await write(ByteBuffer(repeating: UInt8(ascii: " "), count: piece))
                padding -= piece
            }
        }
    }

    /// Writes a body with several files, each of which lies on disk, by the tokens of their handles.
    static func produce(_ layout: BodyLayout, files: [String: SpooledFile], _ writer: BodyWriter) async throws {
        for segment in layout.segments {
            switch segment {
            case .bytes(let bytes): try await writer.write(bytes)
            case .file(let encoding, let token):
                guard let file = files[token] else { continue }
                try await copy(SpooledSource(file), encoding) { try await writer.write($0) }
            }
        }
    }

    private static func copy(
        _ source: any FileSource, _ encoding: BodyLayout.FileEncoding, _ write: (ByteBuffer) async throws -> Void
    ) async throws {
        var encoder = Base64Encoder()
        while let chunk = try await source.nextFileChunk() {
            try await write(encoding == .base64 ? encoder.encode(chunk) : chunk)
        }
        if encoding == .base64 { try await write(encoder.finish()) }
    }

    /// The whole body of a form that is known whole.
    static func whole(_ layout: BodyLayout, file: CircularBuffer<ByteBuffer>) throws -> ByteBuffer {
        let size = file.reduce(0) { $0 + $1.readableBytes }
        var whole = ByteBuffer()
        if let length = layout.length(fileSize: Int64(size)) { whole.reserveCapacity(Int(length)) }
        for segment in layout.segments {
            switch segment {
            case .bytes(let bytes): whole.writeImmutableBuffer(bytes)
            case .file(.identity, _): for chunk in file { whole.writeImmutableBuffer(chunk) }
            case .file(.base64, _):
                var encoder = Base64Encoder()
                for chunk in file { whole.writeImmutableBuffer(encoder.encode(chunk)) }
                whole.writeImmutableBuffer(encoder.finish())
            }
        }
        return whole
    }
}
