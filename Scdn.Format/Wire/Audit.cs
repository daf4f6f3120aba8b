namespace Scdn.Format.Wire;

/// <summary>Something that an operator did, or tried to.</summary>
/// <param name="Id">Its id (UUID version 7: later ones are greater).</param>
/// <param name="At">When it was asked for.</param>
/// <param name="Operator">Whose token was shown.</param>
/// <param name="Act">The method and the address.</param>
/// <param name="Subject">What it was about, where the address does not say; null: it says.</param>
/// <param name="Status">The HTTP status of the answer; null: there was none, for the host ended before.</param>
public sealed record AuditEntry(Guid Id, DateTimeOffset At, string Operator, string Act, string? Subject = null, int? Status = null);
