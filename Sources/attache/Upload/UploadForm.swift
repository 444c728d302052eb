import AsyncHTTPClient
import Multipart
import NIOPosix

/// The multipart form of one upload. The file comes last: the gateway then knows all fields before it.
struct UploadForm: Sendable {
    let contentType: String
    let body: HTTPClientRequest.Body

    init(source: FileSource, fields: [KeyValue], threads: NIOThreadPool, meter: ProgressMeter) {
        let writer = MultipartWriter()
        let frame = writer.frame(
            before: fields.map { ($0.key, $0.value) }, file: "file", filename: source.name,
            contentType: source.contentType
        )
        let chunks = FileChunks(
            source: source, before: frame.prefix, after: frame.suffix, threads: threads, meter: meter
        )
        contentType = writer.contentType
        body = .stream(chunks, length: source.size.map { .known(Int64(frame.length(file: $0))) } ?? .unknown)
    }
}
