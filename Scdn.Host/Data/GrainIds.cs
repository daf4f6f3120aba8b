namespace Scdn.Host.Data;

/// <summary>The order of grains' ids.</summary>
internal static class GrainIds
{
    /// <summary>Greater than any id: they are ASCII.</summary>
    public const string Beyond = "\uffff";
}
