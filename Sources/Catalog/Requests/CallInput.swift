package import JSON

/// What a caller gave, and what is known of the account: the input of every mapping of one unified call.
package struct CallInput: Sendable {
    /// The unified query: nested objects, values as texts; without `truto_*`, `integrated_account_id`, `remote_query`.
    package var query: JSONObject
    /// The unified body: an object; files as `FileHandle`. nil: the call has none.
    package var body: JSONValue?
    /// Parameters that may stand in either, by name: `SharedParameter`.
    package var params = JSONObject()
    /// The account's context with its credentials and the environment's variables.
    package var context: JSONObject
    /// What of the context is not secret: all that overrides see.
    package var openContext = JSONObject()
    /// The values of the account's secrets.
    package var secrets = SecretMask.none
    /// How the account signed in; picks the authorization.
    package var authenticationMethod: String?
    package var id: String?
    /// Results of steps, by name.
    package var before: JSONObject
    /// Reaches the provider untransformed, and wins.
    package var remoteQuery: JSONObject
    /// Merged, deep, into the outgoing body, and wins.
    package var remoteData: JSONObject?
    /// Records per page, as asked.
    package var limit: Int?
    /// The provider's cursor: what `MappedPage.nextCursor` gave, out of its `SourceCursor`.
    package var cursor: String?

    package init(
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
