/// `truto_response_format`: which part of the provider's response the caller gets (docs/wire.md#responses).
package enum ResponseFormat: String, Sendable, CaseIterable {
    /// Mapped fields with `remote_data`.
    case unified
    /// The provider's status, content type and bytes.
    case raw
    /// Every field of the model's schema, null where the provider has none.
    case normalized
    /// The provider's bytes, passed on as they arrive.
    case stream
    /// `{result, debug}`, credentials masked.
    case debug

    /// Whether the caller gets records alone, whichever calls they come from.
    var isMapped: Bool { self == .unified || self == .normalized }
}
