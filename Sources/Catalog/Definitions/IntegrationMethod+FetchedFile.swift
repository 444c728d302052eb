extension IntegrationMethod {
    /// How the vendor fetches a file whose address it was given.
    package struct FetchedFile: Sendable, Hashable {
        package enum Moment: String, Sendable, Hashable, CaseIterable {
            /// Before it responds to the call.
            case duringCall = "during_call"
            /// At some time within the lifetime.
            case later
        }

        package var moment: Moment
        /// Seconds for which the address is good.
        package var lifetime: Int
        /// How often the address may be fetched; nil: as often as wanted within its lifetime.
        package var times: Int?
        /// Whether the caller's own address may be handed on as it is.
        package var isForwarded: Bool

        init(decoding reader: DefinitionReader) {
            moment = reader.word("fetched") ?? .duringCall
            lifetime = reader.raw("lifetime").flatMap(Lifetime.seconds) ?? 3600
            let times = reader.int("times") ?? 1
            self.times = times == 0 ? nil : times
            isForwarded = reader.bool("forward") ?? false
        }
    }
}
