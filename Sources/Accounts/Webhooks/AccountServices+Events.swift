import JSON

extension AccountServices {
    /// Puts events of an account on their way to the webhooks that want them, with the account as it may be shown.
    ///
    /// For after the change is stored: that the event cannot be must not make the change look failed.
    public func announce(_ kinds: AccountEvent.Kind..., of account: IntegratedAccount) async {
        for kind in kinds {
            _ = try? await webhooks.publish(
                kind.rawValue, payload: .object(account.json()), environment: account.environmentID
            )
        }
    }
}
