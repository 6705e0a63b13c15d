using System.Runtime.CompilerServices;

// Everything that crosses to native code here is plain data, and is handed over as it lies in memory.
[assembly: DisableRuntimeMarshalling]
