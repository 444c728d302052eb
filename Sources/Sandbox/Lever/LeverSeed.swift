/// What every pretend Lever holds from the start, also after `POST /_sandbox/reset`.
public enum LeverSeed {
    /// May do everything.
    public static let apiKey = "sandbox-lever-key"
    /// Reads opportunities, files, résumés and users; writes get 403.
    public static let readOnlyKey = "sandbox-lever-read-only-key"

    public static let oauthClientID = "sandbox-lever-client"
    public static let oauthClientSecret = "sandbox-lever-client-secret"
    /// A client that gets tokens for itself alone, with nobody's consent.
    public static let serviceClientID = "sandbox-lever-service"
    public static let serviceClientSecret = "sandbox-lever-service-secret"

    /// The user that `perform_as` names in demos.
    public static let performAs = "11111111-1111-4111-8111-111111111111"
    /// A user who has been deactivated.
    public static let deactivatedUser = "11111111-1111-4111-8111-111111111112"

    /// An opportunity without files.
    public static let opportunity = "22222222-2222-4222-8222-222222222221"
    /// An opportunity with one file and one résumé.
    public static let opportunityWithFiles = "22222222-2222-4222-8222-222222222222"
    /// A confidential opportunity without files.
    public static let confidentialOpportunity = "22222222-2222-4222-8222-222222222223"

    /// A published posting.
    public static let posting = "44444444-4444-4444-8444-444444444444"

    /// 2026-01-05T09:00:00Z in milliseconds.
    static let createdAt: Int64 = 1_767_603_600_000
}
