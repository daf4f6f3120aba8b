namespace Scdn.Client;

/// <summary>What is here of a stretch of the content.</summary>
/// <param name="IsHeld">Whether all of it is here, as far as was looked.</param>
/// <param name="Server">The server that something of it is coming from; null when none is.</param>
public readonly record struct Coverage(bool IsHeld, string? Server);
