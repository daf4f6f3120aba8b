namespace Scdn.Grains;

/// <summary>What an address under which a host serves must look like: <c>http</c> or <c>https</c>, absolute, nothing after the path.</summary>
internal static class HostAddresses
{
    public static Refusal? Check(Uri uri) =>
        uri.IsAbsoluteUri && uri.Scheme is "http" or "https" && uri is { Query: "", Fragment: "", UserInfo: "" }
            ? null
            : Refusal.Invalid($"'{uri}' is not a host's address; give one like http://192.0.2.1:7410.");
}
