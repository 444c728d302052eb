import Catalog
import HTTPTypes
import JSON
import Testing

struct `Header fields that a mapping sets` {
    private static func sent(_ name: String) throws -> Bool {
        let mapping = """
            resources: {things: {list: {query_mapping: '{"owner": "o"}', response_header_mapping: '{"\(name)": "v"}'}}}
            """
        var machine = CallMachine(try Sample.plan("list", mapping: mapping), CallInput(context: ["api_key": "k"]))
        guard case .send = try machine.start(),
            case .finished(.page(let page)) = try machine.received(ProviderResponse(status: 200, json: []))
        else { return false }
        return page.headers.contains { $0.name.rawName == name && $0.value == "v" }
    }

    @Test(arguments: ["X-Total", "x-vendor-cursor", "Link", "ETag", "Last-Modified", "Retry-After", "RateLimit-Limit", "Sunset"])
    func `may tell of the provider`(name: String) throws { #expect(try Self.sent(name)) }

    @Test(arguments: [
        "Set-Cookie", "Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "Connection", "Upgrade",
        "Strict-Transport-Security", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Location",
        "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cache-Control", "Clear-Site-Data",
        "WWW-Authenticate", "X-Request-ID", "X-Forwarded-For", "X-Accel-Redirect", "Refresh", "Server", "Date", "Vary",
        "Public-Key-Pins", "Content-Disposition", "Alt-Svc", "NEL", "Report-To", "set-cookie",
    ])
    func `do not speak for the gateway`(name: String) throws { #expect(try !Self.sent(name)) }
}
