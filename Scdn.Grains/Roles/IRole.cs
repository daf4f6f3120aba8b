namespace Scdn.Grains.Roles;

/// <summary>
/// What one role asks of another. Each method takes one request and a token and answers with an <see cref="Outcome{T}"/>, so that the same interface is
/// called in process or over HTTP (<c>POST /v1/roles/{Name}/{method}</c>), by configuration.
/// </summary>
public interface IRole
{
    /// <summary>The role's name in addresses and in <c>--roles</c>.</summary>
    static abstract string Name { get; }
}
