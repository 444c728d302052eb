import AsyncHTTPClient
import Encodings
import JSON
import NIOCore
import NIOHTTP1

/// The call of the unified API that stores a file.
struct UploadCall: Sendable {
    var gateway: String
    var token: String
    var account: String
    var remoteQuery: [KeyValue]
    var idempotencyKey: String?

    /// Sends the form and returns the unified attachment.
    ///
    /// - Throws: `CommandError` with the response's message and hint, or with what became of the file without one.
    func send(_ form: UploadForm, meter: ProgressMeter) async throws -> JSONValue {
        var request = HTTPClientRequest(url: try address())
        request.method = .POST
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: form.contentType)
        if let idempotencyKey { request.headers.add(name: "idempotency-key", value: idempotencyKey) }
        request.body = form.body
        let client = try HTTPClient.toGateway.get()
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            // No deadline: how long an upload takes is for the line to say. `WatchedUpload` ends one that stands still.
            response = try await client.execute(request, deadline: .distantFuture)
            body = try await response.body.collect(upTo: 16 << 20)
        } catch let failure as CommandError {
            throw failure
        } catch {
            throw noResponse(error, meter.fate)
        }
        let json = try? JSONValue.parse(body.readableBytesView)
        guard (200..<300).contains(response.status.code), let json else {
            throw Self.failure(
                Int(response.status.code), json, retryAfter: response.headers.first(name: "retry-after").flatMap { Int($0) })
        }
        return json
    }

    /// What to say where no response came.
    func noResponse(_ error: any Error, _ fate: UploadFate) -> CommandError {
        let reason = CommandError.reason(error) ?? CommandError(explaining: error).message.lowercasedFirst
        let remedy =
            fate.sent == 0 && !fate.isWhole
            ? "Is the gateway running there? See --url" : fate.sentence(hasIdempotencyKey: idempotencyKey != nil)
        return CommandError("No response from \(gateway): \(reason)", do: remedy)
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
        let query = URLEncodedForm.text(pairs.map { ($0.key, $0.value) })
        return "\(base)/unified/ats/attachments?\(query)"
    }

    /// - Parameter retryAfter: seconds to wait before the next try, where the response says so.
    static func failure(_ status: Int, _ body: JSONValue?, retryAfter: Int? = nil) -> CommandError {
        let message = body?["message"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? "No reason was given"
        let id = body?["request_id"]?.string
        let marks = ["HTTP \(status)", body?["code"]?.string, id].compactMap { $0 }
        let hint = body?["hint"]?.string ?? body?["param"]?.string.flatMap { options[$0] }
        let wait = retryAfter.map { "Try again in \(ProgressLine.time(Double($0)))" }
        // Every error of a gateway has an id.
        let stranger = id == nil ? "That was no gateway but a proxy in front of it, or another program: see --url" : nil
        let hints = [hint, wait, stranger].compactMap { $0 }
        return CommandError(
            "\(message) (\(marks.joined(separator: ", ")))",
            do: hints.isEmpty ? nil : hints.joined(separator: ". "))
    }

    /// What sets a parameter of the API here.
    private static let options = [
        "integrated_account_id": "See --account; 'attache account list' shows the ids",
        "candidate_id": "See --candidate", "application_id": "See --application",
    ]
}
