using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RlhfV.Models.Modules;

/// <summary>
/// Keeps fields that hold parameters up to date when a module goes to another device or type. TorchSharp makes new parameters then,
/// disposes the old ones, and updates only fields that are named like the parameter and belong to the module that registered it.
/// </summary>
internal static class ParameterReferences
{
    /// <summary>Moves a module and lets every field in its tree that held a parameter hold its successor.</summary>
    /// <param name="module">The module.</param>
    /// <param name="move">Moves it.</param>
    public static nn.Module Follow(nn.Module module, Func<nn.Module> move)
    {
        Dictionary<string, Parameter> before = module.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        nn.Module result = move();
        var successors = new Dictionary<object, Parameter>(ReferenceEqualityComparer.Instance);
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            if (!ReferenceEquals(before[name], parameter))
            {
                successors.Add(before[name], parameter);
            }
        }

        if (successors.Count > 0)
        {
            foreach (nn.Module part in module.modules().Prepend(module))
            {
                Update(part, successors);
            }
        }

        return result;
    }

    private static void Update(nn.Module part, Dictionary<object, Parameter> successors)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (Type? type = part.GetType(); type is not null && type.Assembly != typeof(nn.Module).Assembly; type = type.BaseType)
        {
            foreach (FieldInfo field in type.GetFields(Own).Where(f => f.FieldType.IsAssignableFrom(typeof(Parameter))))
            {
                if (field.GetValue(part) is { } held && successors.TryGetValue(held, out Parameter? successor))
                {
                    field.SetValue(part, successor);
                }
            }
        }
    }
}
