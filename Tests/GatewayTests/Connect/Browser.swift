import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Testing

/// A browser without scripts: keeps cookies by their names, follows nothing by itself.
final class Browser {
    private(set) var cookies: [String: String] = [:]
    private let gateway: TestGateway

    init(_ gateway: TestGateway, cookies: [String: String] = [:]) {
        self.gateway = gateway
        self.cookies = cookies
    }

    struct Page {
        var status: Int
        var headers: HTTPHeaders
        var text: String

        var location: String { headers.first(name: "location") ?? "" }

        /// Where the page goes by itself.
        var forward: String? {
            guard let start = text.firstRange(of: "content=\"0; url=") else { return nil }
            return unescaped(text[start.upperBound...].prefix { $0 != "\"" })
        }

        /// The value of a hidden field.
        func hidden(_ name: String) -> String? { value(of: "name=\"\(name)\" value=") }

        /// Where the form goes.
        var action: String? { value(of: "action=") }

        /// What the page that opened this one is told.
        var message: String? { value(of: "data-result=") }

        private func value(of start: String) -> String? {
            guard let found = text.firstRange(of: start + "\"") else { return nil }
            return unescaped(text[found.upperBound...].prefix { $0 != "\"" })
        }

        private func unescaped(_ text: Substring) -> String {
            String(text).replacing("&quot;", with: "\"").replacing("&lt;", with: "<").replacing("&amp;", with: "&")
        }
    }

    func get(_ address: String) async throws -> Page { try await send(.GET, address) }

    /// Sends a page's form with these fields.
    func submit(_ page: Page, method: String? = nil, session: String? = nil, _ fields: [String: String]) async throws -> Page {
        var pairs = [("session", session ?? page.hidden("session") ?? ""), ("method", method ?? page.hidden("method") ?? "")]
        if let step = page.hidden("step") { pairs.append(("step", step)) }
        for (name, value) in fields { pairs.append(("fields[\(name)]", value)) }
        return try await send(.POST, page.action ?? "", form: pairs)
    }

    func send(_ method: HTTPMethod, _ address: String, form: [(String, String)]? = nil) async throws -> Page {
        let isWhole = address.hasPrefix("http")
        var request = HTTPClientRequest(url: isWhole ? address : gateway.baseURL + address)
        request.method = method
        let isOurs = request.url.hasPrefix(gateway.baseURL)
        if isOurs, !cookies.isEmpty {
            request.headers.add(name: "cookie", value: cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
        }
        if let form {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")))
        }
        let response = try await Self.client.execute(request, timeout: .seconds(30))
        if isOurs { for cookie in response.headers["set-cookie"] { keep(cookie) } }
        return Page(
            status: Int(response.status.code), headers: response.headers,
            text: String(buffer: try await response.body.collect(upTo: 1 << 20)))
    }

    private func keep(_ cookie: String) {
        let parts = cookie.split(separator: ";")[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        cookies[String(parts[0])] = cookie.contains("Max-Age=0") ? nil : String(parts[1])
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            return byte < 0x80 && (character.isLetter || character.isNumber)
                ? String(character) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// Lives as long as the process, as the shared one does.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
}
