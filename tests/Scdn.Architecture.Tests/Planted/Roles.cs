#pragma warning disable IDE0130 // The planted namespaces stand for the folders of two roles.
namespace Scdn.Architecture.Tests.Planted.Roles.Alpha
{
    internal static class Caller
    {
        public static object Call() => new Beta.Callee();
    }
}

namespace Scdn.Architecture.Tests.Planted.Roles.Beta
{
    internal sealed class Callee;
}
