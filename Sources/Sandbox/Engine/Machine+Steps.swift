import Encodings
import HTTPTypes
import Hummingbird
import JSON
import NIOCore

extension Machine {
    func run(_ step: RouteSpec.Step, _ call: Call) throws {
        switch step {
        case .check(let script): _ = try evaluate(script)
        case .bind(let name, let script): call.names[name] = try evaluate(script)
        case .required(let name, let script):
            if let value = try evaluate(script), !value.isNull, value != "" { return }
            let pieces = name.split(separator: ".", maxSplits: 1).map(String.init)
            let place = pieces.count == 2 ? pieces[0] : "query"
            let member = pieces.last ?? name
            throw Ending.failure(
                "missing",
                [
                    "name": .string(member), "in": .string(place), "parameter": .string(member),
                    "reason": .string("\(member) is required"),
                ])
        }
    }

    func commit() { store.commit { self.plan.collections[$0]?.key ?? "id" } }

    /// What JSONata's `$boolean` takes for true, for results of expressions.
    static func isTrue(_ value: JSONValue) -> Bool {
        switch value {
        case .null: false
        case .bool(let bool): bool
        case .number(let number): number.double != 0
        case .string(let text): !text.isEmpty
        case .array(let items): items.contains(where: isTrue)
        case .object(let object): !object.isEmpty
        }
    }

    /// The addresses that a fetch is for.
    func addresses(_ fetch: RouteSpec.Fetch) throws -> [String] {
        let value = try evaluate(fetch.url)
        return (value?.array?.compactMap(\.string) ?? [value?.string].compactMap { $0 }).filter { !$0.isEmpty }
    }

    func render(_ reply: Reply) -> Response {
        var fields = HTTPFields()
        for (name, value) in reply.headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields[name] = value
        }
        var bytes: [UInt8] = []
        switch reply.content {
        case .none: break
        case .file(let file, let disposition): return download(file, disposition, reply, fields)
        case .value(let value, let format):
            fields[.contentType] = reply.contentType ?? (format == plan.format ? plan.contentType : nil) ?? format.contentType
            switch format {
            case .json: bytes = value.bytes()
            case .xml: bytes = Array((value.string ?? XMLText.document(value)).utf8)
            case .text, .html: bytes = Array((value.string ?? value.text()).utf8)
            }
        case .text(let text, let format):
            fields[.contentType] = reply.contentType ?? format.contentType
            bytes = Array(text.utf8)
        }
        return Response(
            status: .init(code: reply.status), headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static let chunkBytes = 64 * 1024

    private func download(
        _ file: StoredFile, _ disposition: RouteSpec.Disposition, _ reply: Reply, _ given: HTTPFields
    ) -> Response {
        var fields = given
        let bytes = file.bytes
        if fields[.contentType] == nil { fields[.contentType] = reply.contentType ?? file.contentType }
        if disposition != .none, fields[.contentDisposition] == nil {
            fields[.contentDisposition] = "\(disposition.rawValue); filename*=UTF-8''\(PercentEncoding.encoded(file.name))"
        }
        let body = ResponseBody(contentLength: bytes.size) { writer in
            var at = 0
            while at < bytes.size, let chunk = bytes.read(at: at, count: Self.chunkBytes), !chunk.isEmpty {
                try await writer.write(ByteBuffer(bytes: chunk))
                at += chunk.count
            }
            try await writer.finish(nil)
        }
        return Response(status: .init(code: reply.status), headers: fields, body: body)
    }
}
