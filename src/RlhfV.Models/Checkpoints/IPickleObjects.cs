namespace RlhfV.Models.Checkpoints;

/// <summary>Gives meaning to what a pickle stream names.</summary>
internal interface IPickleObjects
{
    /// <summary>The class or function of a qualified name.</summary>
    object Global(string name);

    /// <summary>The value that lies outside the stream under this id.</summary>
    object Persistent(object? id);

    /// <summary>The result of a call.</summary>
    object? Call(object? callable, object?[] arguments);
}
