import Accounts
import Catalog
import Encodings
import HTTPTypes
import JSON
import Logging
import Multipart
import NIOCore
import Unified

extension ConnectRoutes {
    var isSecure: Bool { publicURL?.hasPrefix("https://") == true }

    /// Where browsers reach this gateway. A `Host` header is believed only of this very machine: vendors send codes to
    /// the address made of it.
    func base(_ call: Call) throws(ConnectFailure) -> String {
        if let publicURL { return publicURL }
        let host = call.head.authority ?? ""
        let name = host.hasPrefix("[") ? String(host.prefix { $0 != "]" }) + "]" : String(host.prefix { $0 != ":" })
        guard ["127.0.0.1", "localhost", "[::1]"].contains(name) else {
            throw ConnectFailure(
                .connectionError, "Signing in there is not set up here: the gateway's public_url is missing.")
        }
        return "http://\(host)"
    }

    static func path(_ link: LinkToken) -> String { "/connect/\(link.id)" }

    /// Signing in at the vendor goes before typing keys.
    static func preferred(_ choice: ConnectChoice) -> String? {
        (choice.methods.first { $0.format == .oauth2 } ?? choice.methods.first)?.name
    }

    static func method(_ choice: ConnectChoice, _ name: String?) throws(ConnectFailure) -> Credential {
        guard let method = choice.methods.first(where: { $0.name == name }) else { throw .notOffered }
        return method
    }

    /// A failure that ends the connection.
    static func refused(_ failure: ConnectFailure, _ link: LinkToken?) -> ConnectPage {
        let isGone = failure.kind == .invalidToken
        return .ending(
            ConnectResult(accountID: failure.accountID, errorType: failure.kind), isGone ? nil : link,
            title: isGone ? "This link does not work any more" : "This cannot be connected", lead: failure.message,
            status: isGone ? .gone : .unprocessableContent)
    }

    static let strangeForm = ConnectPage.ending(
        ConnectResult(errorType: .connectionError), nil, title: "This page is out of date",
        lead: "Open the link that was sent to you once more.", status: .forbidden)

    static let strangeCallback = ConnectPage.ending(
        ConnectResult(errorType: .connectionError), nil, title: "This does not belong together",
        lead: "What came back was not begun in this browser, or came back twice. Open the link that was sent to you once more.",
        status: .forbidden)

    static func problem(_ error: any Error, _ call: Call) -> ConnectPage {
        if let failure = error as? ConnectFailure { return refused(failure, nil) }
        let apiError = APIError.from(error, logger: call.logger)
        call.logger.warning(
            "A connect page could not be made",
            metadata: ["code": .string(apiError.code.name), "reason": .string(apiError.message)])
        return ConnectPage("Something went wrong", status: .init(code: apiError.status)) { page in
            page.add("div", [("class", "mark bad")]) { $0.add(markup: ConnectIcon.cross) }
            page.add("h1", "Something went wrong")
            page.add("p", [("class", "lead")], "Try again in a moment. If it goes on, pass this on: \(call.id)")
        }
    }
}

extension LinkRequest {
    /// The account that is connected again.
    var accountID: String? {
        if case .reconnect(let id) = purpose { id } else { nil }
    }
}

extension Call {
    /// The body of a form, as `QueryString` reads it.
    func formBody() async throws -> JSONObject {
        guard MediaType(headers[.contentType] ?? "")?.essence == "application/x-www-form-urlencoded" else {
            throw APIError(.unsupportedMediaType, "The body must be a form")
        }
        do {
            return try QueryString.parse(String(buffer: try await collectBody(upTo: 256 << 10)), maxDepth: 3, maxCount: 200)
        } catch let error as QueryError {
            throw APIError(.invalidBody, "The form cannot be read: \(error)")
        }
    }

    /// The parameters of the query one by one, also those that are there twice.
    func queryPairs() throws(APIError) -> [(name: String, value: String)] {
        do { return try QueryString.pairs(String(rawQuery), maxCount: 100) } catch {
            throw APIError(.invalidQuery, "The query cannot be read: \(error)")
        }
    }
}
