using Scdn.Host.Data.Postgres;

namespace Scdn.Host.Tests.Data.Postgres;

internal sealed class PostgresAddressTests
{
    [TestCase("postgres://scdn@db1,db2:6000/films", "postgres://scdn@db1:5432,db2:6000/films")]
    [TestCase("postgresql://[::1]:7/a", "postgres://[::1]:7/a")]
    [TestCase("postgres://a%40b@10.0.0.1/x?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem", "postgres://a@b@10.0.0.1:5432/x")]
    public void Reads_what_others_write(string text, string told)
    {
        Assert.That(PostgresAddress.TryParse(text, out var address, out _));
        Assert.That(address!.ToString(), Is.EqualTo(told));
    }

    [Test]
    public void Takes_tls_settings_over()
    {
        Assert.That(PostgresAddress.TryParse("postgres://h/x?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem", out var address, out _));
        var settings = address!.ConnectTo(address.Hosts[0], forWriting: false);

        Assert.That((settings.SslMode, settings.RootCertificate), Is.EqualTo((Npgsql.SslMode.VerifyFull, "/etc/ca.pem")));
    }

    [TestCase("mysql://h/x", "is not an address such as")]
    [TestCase("postgres://h", "names no database")]
    [TestCase("postgres://h/", "names no database")]
    [TestCase("postgres:///x", "names no host")]
    [TestCase("postgres://h:0/x", "names no host, or a port that is none")]
    [TestCase("postgres://h:70000/x", "names no host, or a port that is none")]
    [TestCase("postgres://h,,i/x", "names no host")]
    [TestCase("postgres://h/x?sslmode=perhaps", "its sslmode is none")]
    [TestCase("postgres://h/x?options=-c", "it has a setting 'options'")]
    public void Says_what_is_wrong(string text, string sentence)
    {
        Assert.That(PostgresAddress.TryParse(text, out _, out var fault), Is.False);
        Assert.That(fault, Does.Contain(sentence));
    }

    [Test]
    public void Refuses_a_password_without_repeating_it()
    {
        Assert.That(PostgresAddress.TryParse("postgres://scdn:hunter2@h/x", out _, out var fault), Is.False);
        Assert.That(fault, Does.Contain("PGPASSWORD").And.Not.Contain("hunter2"));
    }
}
