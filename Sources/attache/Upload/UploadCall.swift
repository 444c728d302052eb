import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The call of the unified API that stores a file.
struct UploadCall {
    var gateway: String
    var token: String
    var account: String
    var remoteQuery: [KeyValue]

    /// A gateway that is not there is told at once, where the client's own way is to go on trying.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Sends the form and returns the unified attachment.
    ///
    /// - Throws: `CommandError` with the answer's message and hint.
    func send(_ form: UploadForm) async throws -> JSONValue {
        var request = HTTPClientRequest(url: try address())
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: form.contentType)
        request.body = form.body
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            // No deadline: how long an upload takes is for the line to say. A silent gateway ends by its own limits.
            response = try await Self.client.execute(request, deadline: .distantFuture)
            body = try await response.body.collect(upTo: 16 << 20)
        } catch let failure as CommandError {
            throw failure
        } catch {
            throw CommandError("No answer from \(gateway): \(Self.reason(error))", do: "Is the gateway running there? See --url")
        }
        let json = try? JSONValue.parse(body.readableBytesView)
        guard (200..<300).contains(response.status.code), let json else {
            throw Self.failure(Int(response.status.code), json)
        }
        return json
    }

    func address() throws(CommandError) -> String {
        var base = gateway
        while base.hasSuffix("/") { base.removeLast() }
        guard base.hasPrefix("http://") || base.hasPrefix("https://") else {
            throw CommandError("\(gateway) is no address of a gateway", do: "Begin it with https:// or http://")
        }
        let pairs =
            [KeyValue(key: "integrated_account_id", value: account)]
            + remoteQuery.map { KeyValue(key: "remote_query[\($0.key)]", value: $0.value) }
        let query = pairs.map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }.joined(separator: "&")
        return "\(base)/unified/ats/attachments?\(query)"
    }

    static func failure(_ status: Int, _ body: JSONValue?) -> CommandError {
        let message = body?["message"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? "The gateway gave no reason"
        let marks = ["HTTP \(status)", body?["code"]?.string, body?["request_id"]?.string].compactMap { $0 }
        return CommandError("\(message) (\(marks.joined(separator: ", ")))", do: body?["hint"]?.string)
    }

    /// Why a connection failed, in the words of the system where it has some.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError: error.connectionErrors.first.map { reason($0.error) } ?? "no address"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case let error as HTTPClientError: error.shortDescription
        default: "\(error)"
        }
    }

    /// Percent-encoded but for unreserved characters (RFC 3986 §2.3).
    private static func escaped(_ text: String) -> String {
        var out = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                out.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                out += "%" + (hex.count < 2 ? "0" : "") + hex
            }
        }
        return out
    }
}
