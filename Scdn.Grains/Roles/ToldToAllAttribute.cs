namespace Scdn.Grains.Roles;

/// <summary>Every host that has the role is told, not the first that answers: each keeps what it is told for itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToldToAllAttribute : Attribute;
