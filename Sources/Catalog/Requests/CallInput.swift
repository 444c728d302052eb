public import JSON

/// What a caller gave, and what is known of the account: the input of every mapping of one unified call.
public struct CallInput: Sendable {
    /// The unified query: nested objects, values as texts; without `truto_*`, `integrated_account_id`, `remote_query`.
    public var query: JSONObject
    /// The unified body: an object; files as `FileHandle`. nil: the call has none.
    public var body: JSONValue?
    /// Parameters that may stand in either, by name: `SharedParameter`.
    package var params = JSONObject()
    /// The account's context with its credentials and the environment's variables.
    public var context: JSONObject
    /// What of the context is not secret: all that overrides see.
    package var openContext = JSONObject()
    /// The values of the account's secrets.
    package var secrets = SecretMask.none
    /// How the account signed in; picks the authorization.
    public var authenticationMethod: String?
    public var id: String?
    /// Results of steps, by name.
    public var before: JSONObject
    /// Reaches the provider untransformed, and wins.
    public var remoteQuery: JSONObject
    /// Merged, deep, into the outgoing body, and wins.
    public var remoteData: JSONObject?
    /// Records per page, as asked.
    public var limit: Int?
    /// The provider's cursor: what `MappedPage.nextCursor` gave, out of its `SourceCursor`.
    public var cursor: String?

    public init(
        query: JSONObject = [:], body: JSONValue? = nil, context: JSONObject = [:], authenticationMethod: String? = nil,
        id: String? = nil, before: JSONObject = [:], remoteQuery: JSONObject = [:], remoteData: JSONObject? = nil,
        limit: Int? = nil, cursor: String? = nil
    ) {
        self.query = query
        self.body = body
        self.context = context
        self.authenticationMethod = authenticationMethod
        self.id = id
        self.before = before
        self.remoteQuery = remoteQuery
        self.remoteData = remoteData
        self.limit = limit
        self.cursor = cursor
    }
}
