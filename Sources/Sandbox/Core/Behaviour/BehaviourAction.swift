import JSON

/// What a scripted behaviour does to a request, instead of or on top of the vendor's own response.
struct BehaviourAction: Sendable {
    enum Side: String { case request, response }

    /// How bytes move, on one side of the exchange.
    struct Transfer: Sendable {
        var bytesPerSecond: Int?
        /// The connection is cut with RST once this many bytes have passed.
        var resetAtByte: Int?
        /// Nothing moves after this many bytes, until the client leaves or the behaviours are deleted.
        var stallAtByte: Int?

        var isEmpty: Bool { bytesPerSecond == nil && resetAtByte == nil && stallAtByte == nil }
    }

    /// Answers this without asking the vendor.
    var status: Int?
    var headers: [(name: String, value: String)] = []
    /// Text as it is; any other JSON value as `application/json`.
    var body: JSONValue?
    var delayMilliseconds: Int = 0
    /// Keeps the request from the vendor until the behaviours are deleted; one whose client leaves never gets there.
    var holds = false
    /// With `status`: take the whole request body first. Otherwise the response is early.
    var readsBody = false
    /// With `status`: close the connection as soon as the response is written, whatever is still coming.
    var closes = false
    var transfer = Transfer()
    /// The side the transfer rule is for; by default the request if it has a body.
    var side: Side?

    /// Whether the response leaves without the request body having been read.
    var isEarly: Bool { status != nil && !readsBody }

    func affectsRequest(of exchange: Exchange) -> Bool {
        guard !transfer.isEmpty else { return false }
        return side.map { $0 == .request } ?? exchange.hasBody
    }

    func affectsResponse(of exchange: Exchange) -> Bool {
        !transfer.isEmpty && !affectsRequest(of: exchange)
    }
}
